DROP INDEX messages_by_diagnosis;
