DROP TABLE outage_changes;
