CREATE INDEX suppressions_by_person ON suppressions (person) WHERE person IS NOT NULL AND lifted_at IS NULL;
