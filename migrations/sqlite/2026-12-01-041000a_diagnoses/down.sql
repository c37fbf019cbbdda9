ALTER TABLE suppressions DROP COLUMN diagnosis_id;
ALTER TABLE messages DROP COLUMN diagnosis_id;
DROP TABLE diagnoses;
