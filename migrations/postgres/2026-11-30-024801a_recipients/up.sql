-- A mailing knows how far it has chosen whom it writes to, so that one that breaks off goes on by itself: the last case it looked
-- at (none: all were), what came of it until then, and when. Earlier ones have chosen all of theirs.
ALTER TABLE campaigns ADD COLUMN at_most BIGINT;
ALTER TABLE campaigns ADD COLUMN chosen_up_to BIGINT;
ALTER TABLE campaigns ADD COLUMN report TEXT;
ALTER TABLE campaigns ADD COLUMN chosen_at BIGINT;
