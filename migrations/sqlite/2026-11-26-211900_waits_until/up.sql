-- Until when a household stays out of the lanes of the queue; none: it is in one. See src/store/lanes.rs.
ALTER TABLE households ADD COLUMN waits_until INTEGER;
