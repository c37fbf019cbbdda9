DROP INDEX households_waking;
