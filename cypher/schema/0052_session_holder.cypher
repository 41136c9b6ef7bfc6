// All sessions of a human are ended together.
CREATE INDEX session_holder IF NOT EXISTS FOR (s:Session) ON (s.holder)
