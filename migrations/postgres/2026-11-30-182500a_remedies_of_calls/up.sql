-- The call in which a remedy was promised: it goes with the outcome. No foreign key: an attempt is never deleted.
ALTER TABLE remedies ADD COLUMN attempt_id BIGINT;
