-- `messages_due` has taken its place.
DROP INDEX IF EXISTS messages_by_due;
