// Links the events that targeted a campaign before it was there.
// $id: STRING
MATCH (c:Campaign {id: $id})
MATCH (e:Event {target_id: $id})
WHERE NOT EXISTS { (e)-[:TARGETS]->(c) }
CREATE (e)-[:TARGETS]->(c)
