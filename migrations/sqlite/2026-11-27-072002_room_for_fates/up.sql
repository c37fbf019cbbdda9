-- Only PostgreSQL keeps what a row was before beside what it is.
SELECT 1;
