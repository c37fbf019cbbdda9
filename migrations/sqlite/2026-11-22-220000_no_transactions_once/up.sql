-- Which records are there already is decided before they are written: by the one import of an outage that is at work.
DROP INDEX IF EXISTS transactions_once;
