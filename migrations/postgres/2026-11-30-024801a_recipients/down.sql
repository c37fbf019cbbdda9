ALTER TABLE campaigns DROP COLUMN chosen_at;
ALTER TABLE campaigns DROP COLUMN report;
ALTER TABLE campaigns DROP COLUMN chosen_up_to;
ALTER TABLE campaigns DROP COLUMN at_most;
