-- An import counts, and its new households are not dealt yet: who finds that does it.
ALTER TABLE imports ADD COLUMN deal_due BOOLEAN NOT NULL DEFAULT FALSE;
