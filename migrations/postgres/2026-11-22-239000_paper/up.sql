-- Whose calls are on paper: such a list is served to nobody at a desk.
ALTER TABLE call_lists ADD COLUMN paper_for BIGINT;
