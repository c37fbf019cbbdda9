ALTER TABLE payments DROP COLUMN day_only;
