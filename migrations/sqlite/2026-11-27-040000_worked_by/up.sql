-- Whose turn it is: the word of the process that works on an import now, so that no other does at the same time.
ALTER TABLE imports ADD COLUMN worked_by TEXT;
