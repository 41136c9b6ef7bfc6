// Approved links to look at again.
CREATE INDEX same_as_weakened IF NOT EXISTS FOR ()-[r:SAME_AS]-() ON (r.weakened)
