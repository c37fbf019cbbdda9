-- Of a payment the file tells the day only: it is later than a failure on an earlier day, and on the same day nobody can tell.
ALTER TABLE payments ADD COLUMN day_only BOOLEAN NOT NULL DEFAULT FALSE;
