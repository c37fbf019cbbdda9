CREATE INDEX CONCURRENTLY messages_by_diagnosis ON messages (diagnosis_id) WHERE diagnosis_id IS NOT NULL;
