-- Days on which nobody is called, as domain::holiday::Holidays writes them: federal,sundays,2027-04-16.
ALTER TABLE outages ADD COLUMN holidays TEXT NOT NULL DEFAULT '';
