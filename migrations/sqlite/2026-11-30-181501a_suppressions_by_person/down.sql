DROP INDEX suppressions_by_person;
