DROP INDEX IF EXISTS cases_by_code;
