// Supersedes what waits for a decision on these views and was not found again. What was reopened has a decision of
// effect already: it waits until somebody looks.
// $views: LIST<STRING>
// $found: LIST<STRING>, ids of candidates that were
// $at: ZONED DATETIME
MATCH (p:Person)<-[:PAIRS]-(c:Candidate)
WHERE p.view_id IN $views AND c.status IN ['open', 'claimed', 'stored'] AND c.decision IS NULL AND NOT c.id IN $found
WITH DISTINCT c ORDER BY c.id
SET c.status = 'superseded', c.version = c.version + 1, c.updated_at = $at
REMOVE c.claimed_by, c.claimed_until
