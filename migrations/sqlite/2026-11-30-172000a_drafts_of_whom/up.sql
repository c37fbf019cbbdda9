-- How many people of the household were recorded when a note was typed: the next outcome leaves it behind.
ALTER TABLE note_drafts ADD COLUMN done INTEGER NOT NULL DEFAULT 0;
