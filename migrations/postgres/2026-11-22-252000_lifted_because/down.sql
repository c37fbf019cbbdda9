ALTER TABLE suppressions DROP COLUMN lifted_because;
