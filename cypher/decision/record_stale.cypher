// Makes what was read of waiting pairs of these persons stale, but of the one that is being decided.
// $ids: LIST<STRING>
// $decided: STRING, a candidate's id
// $at: ZONED DATETIME
// returns: id
MATCH (p:Person)<-[:PAIRS]-(c:Candidate)
WHERE p.id IN $ids AND c.id <> $decided AND c.status IN ['open', 'claimed', 'stored', 'awaiting']
WITH DISTINCT c ORDER BY c.id
SET c.version = c.version + 1, c.updated_at = $at
RETURN c.id AS id
