-- Records are linked before they are written.
DROP INDEX IF EXISTS transactions_by_phone;
