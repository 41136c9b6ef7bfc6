// Writes events that were claimed, each on its one person, who is founded where there is none yet.
// $rows: LIST<MAP {id, event: MAP, person_id, kind, founded_on}>
UNWIND $rows AS row
MATCH (e:Event {id: row.id})
SET e += row.event
MERGE (p:Person {id: row.person_id})
ON CREATE SET p.view_id = row.person_id, p.kind = row.kind, p.founded_on = row.founded_on
CREATE (e)-[:OF]->(p)
WITH e, row
WHERE row.event.target_id IS NOT NULL
MATCH (c:Campaign {id: row.event.target_id})
CREATE (e)-[:TARGETS]->(c)
