// Decisions of effect on candidates of these persons.
// $ids: LIST<STRING>
// returns: id, seq, applied (seq of the entry by which it took effect), verdict, left, right, candidate_id, reason, actor_name, at
MATCH (p:Person)<-[:PAIRS]-(c:Candidate)
WHERE p.id IN $ids AND c.decision IS NOT NULL
WITH DISTINCT c
MATCH (d:Decision {id: c.decision})
RETURN d.id AS id, d.seq AS seq, coalesce(head(COLLECT { MATCH (k:Decision)-[:CONFIRMS]->(d) RETURN k.seq }), d.seq) AS applied, d.verdict AS verdict, d.left AS left, d.right AS right,
       d.candidate_id AS candidate_id, d.reason AS reason, d.actor_name AS actor_name, d.at AS at
ORDER BY applied
