// What was reopened, among all that waits.
CREATE INDEX candidate_reopened IF NOT EXISTS FOR (c:Candidate) ON (c.status, c.kind, c.reopened_at)
