DROP INDEX CONCURRENTLY households_waking;
