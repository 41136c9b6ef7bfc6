// The fragments of the views that two persons are in, and the decisions of effect on candidates of these.
// $left: STRING
// $right: STRING
// returns: fragments: LIST<MAP {id, view_id}>, standing: LIST<MAP {id, seq, applied (seq of the entry by which it took
//   effect), verdict, left, right, candidate_id, reason, actor_name, at}>
CYPHER replan=skip
UNWIND [$left, $right] AS end
MATCH (e:Person {id: end})
USING INDEX SEEK e:Person(id)
WITH DISTINCT e.view_id AS view
MATCH (p:Person {view_id: view})
USING INDEX SEEK p:Person(view_id)
WITH collect(p) AS persons
RETURN [p IN persons | p {.id, .view_id}] AS fragments, COLLECT {
  UNWIND persons AS p
  MATCH (p)<-[:PAIRS]-(c)
  WHERE c.decision IS NOT NULL
  WITH DISTINCT c
  MATCH (d:Decision {id: c.decision})
  USING INDEX SEEK d:Decision(id)
  RETURN d {.id, .seq, .verdict, .left, .right, .candidate_id, .reason, .actor_name, .at,
            applied: coalesce(head(COLLECT { MATCH (k)-[:CONFIRMS]->(d) RETURN k.seq }), d.seq)}
} AS standing
