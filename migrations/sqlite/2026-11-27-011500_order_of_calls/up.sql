-- How much each reason weighs in the order of calls (domain::score::Weights as JSON; none: as the product has it), and up to
-- which household the calls stand as the settings say (none: all). Those of earlier versions are looked at once.
ALTER TABLE outages ADD COLUMN weights TEXT;
ALTER TABLE outages ADD COLUMN refreshed_to INTEGER DEFAULT 0;
