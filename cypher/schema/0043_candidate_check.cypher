// Decided pairs that are looked at again.
CREATE INDEX candidate_check IF NOT EXISTS FOR (c:Candidate) ON (c.check)
