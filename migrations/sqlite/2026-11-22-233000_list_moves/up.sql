-- Calls that went from one list to another in one step, so that the step can be taken back.
CREATE TABLE list_moves (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    outage_id INTEGER NOT NULL REFERENCES outages (id),
    at INTEGER NOT NULL,
    -- How calls were dealt before, and whether the pool was open: JSON.
    before TEXT NOT NULL,
    calls INTEGER NOT NULL,
    undone_at INTEGER
);

-- Which household came from which list; kept while the step can be taken back.
CREATE TABLE moved_households (
    move_id INTEGER NOT NULL REFERENCES list_moves (id),
    household_id INTEGER NOT NULL,
    from_list INTEGER,
    to_list INTEGER,
    PRIMARY KEY (move_id, household_id)
);

CREATE INDEX list_moves_by_outage ON list_moves (outage_id, id);
