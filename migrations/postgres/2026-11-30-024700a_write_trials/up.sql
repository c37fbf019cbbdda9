-- One row, changed now and then by a node that is not sure whether a write can succeed.
CREATE TABLE write_trials (
    id BIGINT PRIMARY KEY,
    tried BIGINT NOT NULL
);
INSERT INTO write_trials (id, tried) VALUES (1, 0);
