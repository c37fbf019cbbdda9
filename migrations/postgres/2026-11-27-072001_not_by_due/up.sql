-- `messages_due` has taken its place.
DROP INDEX CONCURRENTLY IF EXISTS messages_by_due;
