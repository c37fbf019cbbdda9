DROP INDEX CONCURRENTLY households_in_pool;
