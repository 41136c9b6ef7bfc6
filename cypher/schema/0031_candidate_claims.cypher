// Claims by the end of their lease.
CREATE INDEX candidate_claims IF NOT EXISTS FOR (c:Candidate) ON (c.status, c.claimed_until)
