CREATE INDEX CONCURRENTLY suppressions_by_person ON suppressions (person) WHERE person IS NOT NULL AND lifted_at IS NULL;
