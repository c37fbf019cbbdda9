ALTER TABLE call_lists DROP COLUMN paper_for;
