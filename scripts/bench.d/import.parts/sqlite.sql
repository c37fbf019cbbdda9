-- The limit on SQLite: what the sqlite3 shell needs for the same people and transactions in the same tables under the same
-- indexes, when nothing is checked. The raw table is filled; outage 1 and import 1 are there. Phones are taken as they are
-- written, a citizen's contact data are those of the latest record, nobody gets a score or a call-back code.

-- The citizens of records without an account id: the one account with their e-mail, or with their phone and name.
CREATE TEMP TABLE by_email AS SELECT email, min(account_id) AS account_id FROM raw
    WHERE account_id <> '' AND email <> '' GROUP BY email HAVING min(account_id) = max(account_id);
CREATE UNIQUE INDEX temp.by_email_once ON by_email (email);
CREATE TEMP TABLE by_phone AS SELECT phone, family_name, given_name, min(account_id) AS account_id FROM raw
    WHERE account_id <> '' AND phone <> '' GROUP BY phone, family_name, given_name HAVING min(account_id) = max(account_id);
CREATE UNIQUE INDEX temp.by_phone_once ON by_phone (phone, family_name, given_name);

BEGIN;
INSERT OR IGNORE INTO transactions (outage_id, import_id, line, bin, dedupe_key, external_id, occurred_at, account_id, email, phone,
    given_name, family_name, folded_name, amount_cents, tax_type, channel, error_code, language, state, time_zone, filing_deadline,
    memo, charged, identity_key)
SELECT 1, 1, line, CASE WHEN occurred_at < 1776300000000000 THEN 'before' WHEN occurred_at >= 1776301200000000 THEN 'after'
    ELSE 'accepted' END, CAST(transaction_id AS BLOB), transaction_id, occurred_at, nullif(account_id, ''), nullif(email, ''),
    nullif(phone, ''), given_name, family_name, upper(given_name || ' ' || family_name),
    CAST(round(100 * CAST(ltrim(amount, '$USD ') AS REAL)) AS INTEGER), tax_type, channel, error_code, language, state, time_zone,
    filing_deadline, nullif(memo, ''), 'unknown', identity_key
FROM (SELECT raw.*, raw.rowid + 1 AS line,
        CAST(round((julianday(timestamp) - 2440587.5) * 86400000) AS INTEGER) * 1000 AS occurred_at,
        CASE WHEN raw.account_id <> '' THEN 'A:' || raw.account_id
            WHEN raw.email <> '' THEN coalesce('A:' || by_email.account_id, 'E:' || raw.email)
            ELSE coalesce('A:' || by_phone.account_id, 'P:' || raw.phone || '|' || raw.given_name || raw.family_name) END AS identity_key
    FROM raw LEFT JOIN by_email ON raw.account_id = '' AND by_email.email = raw.email
        LEFT JOIN by_phone ON raw.account_id = '' AND raw.email = '' AND by_phone.phone = raw.phone
            AND by_phone.family_name = raw.family_name AND by_phone.given_name = raw.given_name)
WHERE occurred_at IS NOT NULL;

CREATE TEMP TABLE people AS SELECT identity_key, max(occurred_at) AS last_failed_at, given_name, family_name, folded_name,
    account_id, email, phone, language, state, time_zone, amount_cents, tax_type, charged, filing_deadline, count(*) AS transactions
FROM transactions WHERE bin = 'accepted' GROUP BY identity_key;

INSERT INTO households (outage_id, import_id, phone, time_zone, language, stage, score, skips, tries, citizens)
SELECT 1, 1, phone, min(time_zone), min(language), 'new', max(amount_cents), 0, 0, count(*) FROM people
WHERE phone IS NOT NULL GROUP BY phone;

INSERT INTO cases (outage_id, import_id, identity_key, household_id, given_name, family_name, folded_name, account_id, email, phone,
    language, state, time_zone, amount_cents, tax_type, charged, filing_deadline, first_failed_at, last_failed_at, opened_at,
    transactions, code, stage, tries)
SELECT 1, 1, identity_key, households.id, given_name, family_name, folded_name, account_id, email, people.phone, people.language, state,
    people.time_zone, amount_cents, tax_type, charged, filing_deadline, last_failed_at, last_failed_at, 0, transactions, '0000-0000',
    CASE WHEN people.phone IS NULL THEN 'email' ELSE 'new' END, 0
FROM people LEFT JOIN households ON households.outage_id = 1 AND households.phone = people.phone;
COMMIT;
