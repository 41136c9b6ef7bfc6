// Locks the candidates of persons in the order of their ids.
// $ids: LIST<STRING>, of persons
// returns: id
MATCH (p:Person)<-[:PAIRS]-(c:Candidate)
WHERE p.id IN $ids
WITH DISTINCT c ORDER BY c.id
SET c.kind = c.kind
RETURN c.id AS id
