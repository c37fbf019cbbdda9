DROP INDEX CONCURRENTLY households_on_list;
