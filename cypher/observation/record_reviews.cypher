// Opens the reviews of events whose meaning is doubtful, and closes those that an event settles.
// $rows: LIST<MAP {event_id, result, verdict, actor, actor_name}>, result null to open
// $at: ZONED DATETIME
UNWIND $rows AS row
MATCH (e:Event {id: row.event_id})
MERGE (r:CallReview {event_id: row.event_id})
ON CREATE SET r.opened_at = $at, r.status = 'open'
MERGE (r)-[:CONCERNS]->(e)
WITH r, row WHERE row.result IS NOT NULL AND r.result IS NULL
SET r.status = 'closed', r.closed_at = $at, r.verdict = row.verdict, r.actor = row.actor,
    r.actor_name = row.actor_name, r.result = row.result
