DROP INDEX households_waking_in_pool;
