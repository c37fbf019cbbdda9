DROP INDEX households_switchboards;
