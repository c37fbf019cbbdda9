ALTER TABLE imports DROP COLUMN deal_due;
