DROP INDEX messages_due;
