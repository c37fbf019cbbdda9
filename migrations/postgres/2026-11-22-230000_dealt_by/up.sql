-- How the calls were dealt last: new households of a later import are dealt alike.
ALTER TABLE outages ADD COLUMN dealt_by TEXT;
