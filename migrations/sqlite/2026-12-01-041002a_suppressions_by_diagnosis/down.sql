DROP INDEX suppressions_by_diagnosis;
