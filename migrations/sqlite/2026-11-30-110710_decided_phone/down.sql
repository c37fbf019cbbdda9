ALTER TABLE decisions DROP COLUMN phone;
