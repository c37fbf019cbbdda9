CREATE INDEX CONCURRENTLY suppressions_by_diagnosis ON suppressions (diagnosis_id) WHERE diagnosis_id IS NOT NULL;
