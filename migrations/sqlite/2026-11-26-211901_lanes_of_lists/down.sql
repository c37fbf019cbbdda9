DROP INDEX households_on_list;
