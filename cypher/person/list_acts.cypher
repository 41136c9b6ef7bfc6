// What the log says of links of these persons: when each came into being and when it went.
// $ids: LIST<STRING>
// returns: id, left, right, left_kind, right_kind, on: MAP {seq, at, id} or null when it waits for a second person,
//   off: MAP {seq, at, id} or null
MATCH (p:Person)<-[:PAIRS]-(:Candidate)<-[:DECIDES]-(d:Decision {entry: 'decision', verdict: 'same'})
WHERE p.id IN $ids
WITH DISTINCT d
MATCH (l:Person {id: d.left})
MATCH (r:Person {id: d.right})
RETURN d.id AS id, d.left AS left, d.right AS right, l.kind AS left_kind, r.kind AS right_kind,
       CASE WHEN d.concerns = [] THEN {seq: d.seq, at: d.at, id: d.id}
       ELSE head(COLLECT { MATCH (k:Decision)-[:CONFIRMS]->(d) RETURN {seq: k.seq, at: k.at, id: k.id} }) END AS on,
       head(COLLECT {
         MATCH (s:Decision)-[:SUPERSEDES]->(d)
         OPTIONAL MATCH (k:Decision)-[:CONFIRMS]->(s)
         WITH coalesce(k, s) AS by
         RETURN {seq: by.seq, at: by.at, id: by.id} ORDER BY by.seq LIMIT 1
       }) AS off
ORDER BY id
