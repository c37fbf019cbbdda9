-- One row, changed now and then by a node that is not sure whether a write can succeed.
CREATE TABLE write_trials (
    id INTEGER PRIMARY KEY,
    tried INTEGER NOT NULL
);
INSERT INTO write_trials (id, tried) VALUES (1, 0);
