// Links the events that targeted a campaign before it was there. Each event has a type; to say so lets the index find them.
// $id: STRING
MATCH (c:Campaign {id: $id})
MATCH (e:Event {target_id: $id})
WHERE e.type IS NOT NULL AND NOT EXISTS { (e)-[:TARGETS]->(c) }
CREATE (e)-[:TARGETS]->(c)
