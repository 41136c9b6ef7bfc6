// Decided candidates of pairs of views that were scored again, with the evidence that each was decided on. Joined pairs
// are none of them: who is one view is not scored against itself.
// $ids: LIST<STRING>, of candidates as their pairs name them
// $apart: LIST<MAP {id, left, right}>, pairs of views that a decision keeps apart
// returns: pair (id of the pair), id, left, right, decision, evidence
CALL () {
  MATCH (c:Candidate)
  WHERE c.id IN $ids
  RETURN c.id AS pair, c
  UNION
  UNWIND $apart AS pair
  MATCH (:Person {view_id: pair.left})-[n:NOT_SAME_AS]-(:Person {view_id: pair.right})
  MATCH (:Decision {id: n.decision})-[:DECIDES]->(c:Candidate)
  RETURN pair.id AS pair, c
}
WITH pair, c
WHERE c.status = 'decided' AND c.decision IS NOT NULL AND c.verdict <> 'same'
MATCH (d:Decision {id: c.decision})
RETURN pair, c.id AS id, c.left AS left, c.right AS right, c.decision AS decision,
       coalesce(d.evidence, c.evidence) AS evidence
ORDER BY pair, d.seq DESC
