-- HTML of an e-mail that is written by itself; without it, it is made from the body.
ALTER TABLE templates ADD COLUMN html TEXT;
