-- Anybody may ask whether a call-back code is ours: that must not read all cases.
CREATE INDEX cases_by_code ON cases (code);
