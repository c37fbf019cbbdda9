-- Numbers with many citizens behind them are few among all: their lane must not read the others.
CREATE INDEX households_switchboards ON households (outage_id, stage) WHERE citizens >= 5;
