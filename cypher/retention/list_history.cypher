// All events of a person, in the order in which they came, as far as what the person holds and states follows from them.
// $id: STRING
// returns: rows: LIST<MAP {id, person_id, event: MAP, carries: LIST<LIST<STRING>>, evidence: LIST<STRING>, is_joined}>
MATCH (p:Person {id: $id})
WITH p, EXISTS { (p)-[:SAME_AS]-() } AS is_joined
MATCH (p)<-[:OF]-(e)
WITH e, is_joined ORDER BY e.received_at, e.id
RETURN collect({
  id: e.id, person_id: $id, is_joined: is_joined,
  event: e {.type, .channel, .occurred_at, .received_at, .traits, .birth_date, .rule, .anchor},
  carries: COLLECT { MATCH (e)-[c:CARRIES]->(i) RETURN [i.key, c.assurance] ORDER BY i.key },
  evidence: COLLECT { MATCH (e)-[:EVIDENCED_BY]->(v) RETURN v.sha256 }
}) AS rows
