// Links the events that targeted a campaign before it was there, so many a transaction, unless that was done. Each event
// has a type; to say so lets the index find them.
// $id: STRING
// $anew: BOOLEAN, also where it was done
// $most: INTEGER
MATCH (c:Campaign {id: $id})
WHERE $anew OR c.linked_at IS NULL
MATCH (e:Event {target_id: $id})
WHERE e.type IS NOT NULL
CALL (c, e) {
  WITH c, e WHERE NOT EXISTS { (e)-[:TARGETS]->() }
  SET e.channel = e.channel
  WITH c, e WHERE NOT EXISTS { (e)-[:TARGETS]->() }
  CREATE (e)-[:TARGETS]->(c)
} IN TRANSACTIONS OF $most ROWS
