-- Only SQLite is quicker with a smaller transactions_by_import.
SELECT 1;
