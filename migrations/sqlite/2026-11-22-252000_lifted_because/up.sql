-- Why a suppression was lifted.
ALTER TABLE suppressions ADD COLUMN lifted_because TEXT;
