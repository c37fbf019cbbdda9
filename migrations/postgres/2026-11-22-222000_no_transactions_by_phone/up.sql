-- Records are linked before they are written.
DROP INDEX CONCURRENTLY IF EXISTS transactions_by_phone;
