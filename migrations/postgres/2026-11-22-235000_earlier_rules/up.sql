-- The rules that an outcome had before, each with when it ended: what was recorded then is judged by them. JSON.
ALTER TABLE outcomes ADD COLUMN earlier TEXT;
