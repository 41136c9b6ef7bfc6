// Writes what became of a candidate. `decision` is the entry that stands for it now, if any.
// $id: STRING
// $status: STRING
// $verdict: STRING
// $decision: STRING; why a candidate was reopened is told, and it is looked at again, until that changes
// $at: ZONED DATETIME
// returns: version
MATCH (c:Candidate {id: $id})
SET c.check = CASE WHEN c.decision = $decision THEN c.check END,
    c.reopened = CASE WHEN c.decision = $decision THEN c.reopened END,
    c.reopened_at = CASE WHEN c.decision = $decision THEN c.reopened_at END,
    c.status = $status, c.verdict = $verdict, c.decision = $decision, c.claimed_by = null, c.claimed_until = null,
    c.version = c.version + 1, c.updated_at = $at
RETURN c.version AS version
