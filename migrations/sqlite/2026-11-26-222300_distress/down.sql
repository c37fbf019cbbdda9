DROP TABLE distress_calls;
