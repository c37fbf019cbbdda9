DROP INDEX CONCURRENTLY suppressions_by_person;
