-- Records come in the order of their citizens, in which this index grows at its end.
DROP INDEX transactions_by_import;
CREATE INDEX transactions_by_import ON transactions (import_id);
