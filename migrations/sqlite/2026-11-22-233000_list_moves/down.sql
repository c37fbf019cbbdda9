DROP TABLE moved_households;
DROP TABLE list_moves;
