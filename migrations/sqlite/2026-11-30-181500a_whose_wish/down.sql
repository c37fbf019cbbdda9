ALTER TABLE suppressions DROP COLUMN spares;
ALTER TABLE suppressions DROP COLUMN person;
