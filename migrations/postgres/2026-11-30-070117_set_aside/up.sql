-- A rejected row that nobody will mend: who said so, and when.
ALTER TABLE import_rejects ADD COLUMN set_aside_at BIGINT;
ALTER TABLE import_rejects ADD COLUMN set_aside_by BIGINT;
