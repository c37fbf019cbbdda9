-- Whose wish a suppression is, by the key under which a person is known in every outage; and who shares the number without
-- having wished it (their keys, a JSON array): whoever is not named there is not called.
ALTER TABLE suppressions ADD COLUMN person TEXT;
ALTER TABLE suppressions ADD COLUMN spares TEXT;
