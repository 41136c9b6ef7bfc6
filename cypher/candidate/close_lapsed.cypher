// Returns candidates to the queue whose claim has run out.
// $now: ZONED DATETIME
// returns: returned
MATCH (c:Candidate)
WHERE c.status = 'claimed' AND c.claimed_until < $now
WITH c ORDER BY c.id
SET c.kind = c.kind
WITH c WHERE c.status = 'claimed' AND c.claimed_until < $now
SET c.status = 'open', c.updated_at = $now
REMOVE c.claimed_by, c.claimed_until
RETURN count(c) AS returned
