// Locks a candidate, and all that wait on pairs of these persons, in the order of their ids.
// $id: STRING
// $persons: LIST<STRING>
// returns: id, status, version, claimed_by, claimed_by_name, claimed_until, left, right, evidence, model, decision
CYPHER replan=skip
CALL () {
  MATCH (c:Candidate {id: $id}) USING INDEX SEEK c:Candidate(id) RETURN c
  UNION
  MATCH (p:Person)<-[:PAIRS]-(c)
  USING INDEX SEEK p:Person(id)
  WHERE p.id IN $persons AND c.left IN $persons AND c.right IN $persons
    AND c.status IN ['open', 'claimed', 'awaiting', 'stored']
  RETURN c
}
WITH DISTINCT c ORDER BY c.id
SET c.kind = c.kind
RETURN c.id AS id, c.status AS status, c.version AS version, c.claimed_by AS claimed_by, c.claimed_by_name AS claimed_by_name,
       c.claimed_until AS claimed_until, c.left AS left, c.right AS right, c.evidence AS evidence, c.model AS model,
       c.decision AS decision
ORDER BY id
