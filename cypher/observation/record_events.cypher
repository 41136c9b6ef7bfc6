// Writes events that were claimed, with what they carry, each on its one person, who is founded where there is none yet.
// $rows: LIST<MAP {id, founded: MAP, events: LIST<MAP {id, event: MAP, occurred_at, received_at,
//   carries: LIST<MAP {key, assurance}>}>}>, a row a person; moments in epoch microseconds
UNWIND $rows AS row
MERGE (p:Person {id: row.id})
ON CREATE SET p += row.founded
WITH p, row
UNWIND row.events AS sent
MATCH (e:Event {id: sent.id})
SET e += sent.event
SET e.occurred_at = datetime({epochSeconds: sent.occurred_at / 1000000,
                              nanosecond: sent.occurred_at % 1000000 * 1000}),
    e.received_at = datetime({epochSeconds: sent.received_at / 1000000,
                              nanosecond: sent.received_at % 1000000 * 1000})
CREATE (e)-[:OF]->(p)
WITH e, sent
CALL (e, sent) {
  UNWIND sent.carries AS carried
  MATCH (i:Identifier {key: carried.key})
  CREATE (e)-[:CARRIES {assurance: carried.assurance}]->(i)
}
WITH e, sent
WHERE sent.event.target_id IS NOT NULL
MATCH (c:Campaign {id: sent.event.target_id})
CREATE (e)-[:TARGETS]->(c)
