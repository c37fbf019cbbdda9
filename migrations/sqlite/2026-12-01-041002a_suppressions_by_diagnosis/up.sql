CREATE INDEX suppressions_by_diagnosis ON suppressions (diagnosis_id) WHERE diagnosis_id IS NOT NULL;
