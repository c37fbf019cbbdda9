ALTER TABLE import_rejects DROP COLUMN set_aside_by;
ALTER TABLE import_rejects DROP COLUMN set_aside_at;
