// Gives a new campaign to the department that made it. What was received before is no event of this campaign: see
// graph/reach.py. Its versions go on from those of a draft that was discarded under its id: what anybody holds of that one
// is older than all there is of this one.
// $id: STRING
// $department: STRING
// $at: ZONED DATETIME
MATCH (c:Campaign {id: $id})
OPTIONAL MATCH (x:DiscardedDraft {id: $id})
WITH c, coalesce(max(x.version), 0) AS version
SET c.created_at = $at, c.version = version
MERGE (d:Department {id: $department})
MERGE (d)-[:OWNS]->(c)
