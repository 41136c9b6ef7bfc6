// All events of a person, in the order in which they came, as far as what the person holds and states follows from them.
// $id: STRING
// returns: id, person_id, event: MAP, carries: LIST<LIST<STRING>>, evidence: LIST<STRING>, is_joined
MATCH (p:Person {id: $id})<-[:OF]-(e:Event)
RETURN e.id AS id, p.id AS person_id,
       e {.type, .channel, .occurred_at, .received_at, .traits, .birth_date, .rule, .anchor} AS event,
       COLLECT { MATCH (e)-[c:CARRIES]->(i:Identifier) RETURN [i.key, c.assurance] ORDER BY i.key } AS carries,
       COLLECT { MATCH (e)-[:EVIDENCED_BY]->(v:Evidence) RETURN v.sha256 } AS evidence,
       EXISTS { (p)-[:SAME_AS]-() } AS is_joined
ORDER BY event.received_at, id
