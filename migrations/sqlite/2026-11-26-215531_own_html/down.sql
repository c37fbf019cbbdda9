ALTER TABLE templates DROP COLUMN html;
