// Writes events that were claimed, each on its one person, who is founded where there is none yet.
// $rows: LIST<MAP {id, event: MAP with its moments in epoch microseconds, person_id, kind, founded_on}>
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
SET e += row.event
SET e.occurred_at = datetime({epochSeconds: row.event.occurred_at / 1000000,
                              nanosecond: row.event.occurred_at % 1000000 * 1000}),
    e.received_at = datetime({epochSeconds: row.event.received_at / 1000000,
                              nanosecond: row.event.received_at % 1000000 * 1000})
MERGE (p:Person {id: row.person_id})
ON CREATE SET p.view_id = row.person_id, p.kind = row.kind, p.founded_on = row.founded_on
CREATE (e)-[:OF]->(p)
WITH e, row
WHERE row.event.target_id IS NOT NULL
MATCH (c:Campaign {id: row.event.target_id})
CREATE (e)-[:TARGETS]->(c)
