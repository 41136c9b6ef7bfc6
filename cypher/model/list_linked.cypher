// The fragments of the views that these persons are in, each with the links that decisions drew from it, and the seq
// of the log with which each took effect.
// $ids: LIST<STRING>
// returns: id, links: LIST<MAP {other, seq}>
UNWIND $ids AS id
MATCH (end:Person {id: id})
WITH DISTINCT end.view_id AS view_id
MATCH (p:Person {view_id: view_id})
RETURN p.id AS id, COLLECT {
  MATCH (p)-[r:SAME_AS]->(q:Person)
  MATCH (d:Decision {id: r.decision})
  OPTIONAL MATCH (d)<-[:CONFIRMS]-(confirmed:Decision)
  RETURN {other: q.id, seq: coalesce(confirmed.seq, d.seq)}
} AS links
ORDER BY id
