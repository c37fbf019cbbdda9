DROP INDEX households_in_pool;
