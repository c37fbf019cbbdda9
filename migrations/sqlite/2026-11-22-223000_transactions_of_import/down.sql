DROP INDEX transactions_by_import;
CREATE INDEX transactions_by_import ON transactions (import_id, line);
