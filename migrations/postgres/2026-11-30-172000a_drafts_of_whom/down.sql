ALTER TABLE note_drafts DROP COLUMN done;
