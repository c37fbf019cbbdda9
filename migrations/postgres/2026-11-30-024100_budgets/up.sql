-- How often something may be tried is one instant for each subject (hashed): when all that was spent is back. The version before
-- goes on with sign_in_failures and guesses until it is gone; a later one drops them.
CREATE TABLE budgets (
    subject TEXT PRIMARY KEY NOT NULL,
    spent_until BIGINT NOT NULL
);
