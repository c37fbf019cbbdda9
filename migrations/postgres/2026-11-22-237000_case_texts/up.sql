-- What cases are found by: every piece of three letters of name, phones, account, e-mail and number.
-- Filled in the background, so that an import pays nothing for it. No extension is needed: anybody who may make
-- a table may make this.
CREATE TABLE case_texts (
    case_id BIGINT PRIMARY KEY NOT NULL,
    text TEXT NOT NULL
);

CREATE FUNCTION makegood_pieces(text TEXT) RETURNS TEXT[] LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000
    AS 'SELECT coalesce(array_agg(substr($1, i, 3)), ''{}'') FROM generate_series(1, length($1) - 2) AS i';

CREATE INDEX case_texts_by_piece ON case_texts USING gin (makegood_pieces(text));

-- Cases whose text is out of date.
CREATE TABLE stale_texts (
    case_id BIGINT PRIMARY KEY NOT NULL
);

-- How far the cases of an import can be found: up to which, and whether all.
ALTER TABLE imports ADD COLUMN findable_to BIGINT;
ALTER TABLE imports ADD COLUMN findable_at BIGINT;

CREATE FUNCTION makegood_case_text_changed() RETURNS trigger LANGUAGE plpgsql
    AS 'BEGIN INSERT INTO stale_texts (case_id) VALUES (NEW.id) ON CONFLICT DO NOTHING; RETURN NULL; END';

CREATE TRIGGER case_text_changed AFTER UPDATE OF folded_name, phone, phone_2, account_id, email ON cases
    FOR EACH ROW WHEN ((OLD.folded_name, OLD.phone, OLD.phone_2, OLD.account_id, OLD.email)
        IS DISTINCT FROM (NEW.folded_name, NEW.phone, NEW.phone_2, NEW.account_id, NEW.email))
    EXECUTE FUNCTION makegood_case_text_changed();
