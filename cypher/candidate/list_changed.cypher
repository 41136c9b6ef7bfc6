// Candidates that changed since a moment, oldest change first.
// $since: ZONED DATETIME
// $limit: INTEGER
// returns: id, kind, status, band, version, verdict, claimed_by, claimed_by_name, claimed_until, created, at
MATCH (c:Candidate)
WHERE c.updated_at > $since
WITH c ORDER BY c.updated_at LIMIT $limit
RETURN c.id AS id, c.kind AS kind,
       CASE WHEN c.status = 'open' AND c.reopened IS NOT NULL THEN 'reopened' ELSE c.status END AS status,
       c.band AS band, c.version AS version, c.verdict AS verdict, c.claimed_by AS claimed_by,
       CASE WHEN c.claimed_by IS NOT NULL THEN c.claimed_by_name END AS claimed_by_name,
       toString(c.claimed_until) AS claimed_until, c.version = 1 AS created, c.updated_at AS at
