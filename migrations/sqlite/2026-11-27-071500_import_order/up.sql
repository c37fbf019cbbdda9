-- By which settings its new calls were put in order: they may be changed while it is read.
ALTER TABLE imports ADD COLUMN ordered_by TEXT;
