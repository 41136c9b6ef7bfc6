// Locks the candidates of persons, and of those whom they met, in the order of their ids; with what each of the latter keeps.
// $ids: LIST<STRING>, of persons
// $met: LIST<STRING>, of persons who were in one view with some of them once
// returns: id, is_own (a side is one of $ids), candidate: MAP {left, right, created_at, updated_at, decision, evidence, reopened},
//   empty where it is
MATCH (p:Person)<-[:PAIRS]-(c:Candidate)
WHERE p.id IN $ids + $met
WITH DISTINCT c ORDER BY c.id
SET c.kind = c.kind
WITH c, c.left IN $ids OR c.right IN $ids AS is_own
RETURN c.id AS id, is_own,
       CASE WHEN is_own THEN {} ELSE c {.left, .right, .created_at, .updated_at, .decision, .evidence, .reopened} END AS candidate
