-- What cases are found by: every piece of three letters of name, phones, account, e-mail and number.
-- Filled in the background, so that an import pays nothing for it.
CREATE VIRTUAL TABLE case_texts USING fts5(text, tokenize = 'trigram', detail = 'none');

-- Cases whose text is out of date.
CREATE TABLE stale_texts (
    case_id INTEGER PRIMARY KEY NOT NULL
);

-- How far the cases of an import can be found: up to which, and whether all.
ALTER TABLE imports ADD COLUMN findable_to INTEGER;
ALTER TABLE imports ADD COLUMN findable_at INTEGER;

CREATE TRIGGER case_text_changed AFTER UPDATE OF folded_name, phone, phone_2, account_id, email ON cases
WHEN old.folded_name IS NOT new.folded_name OR old.phone IS NOT new.phone OR old.phone_2 IS NOT new.phone_2
  OR old.account_id IS NOT new.account_id OR old.email IS NOT new.email
BEGIN
    INSERT OR IGNORE INTO stale_texts (case_id) VALUES (new.id);
END;
