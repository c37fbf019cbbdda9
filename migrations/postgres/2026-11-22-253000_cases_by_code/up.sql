-- Anybody may ask whether a call-back code is ours: that must not read all cases.
CREATE INDEX CONCURRENTLY cases_by_code ON cases (code);
