-- An outcome that takes another's place stands under the name of who changed it, at the time of the change; whoever called
-- stays who called. One that was taken back or changed says by whom.
ALTER TABLE attempts ADD COLUMN changed_by INTEGER;
ALTER TABLE attempts ADD COLUMN changed_at INTEGER;
ALTER TABLE attempts ADD COLUMN taken_back_by INTEGER;
