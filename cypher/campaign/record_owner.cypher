// Gives a new campaign to the department that made it. What was received before is no event of this campaign: see
// graph/reach.py.
// $id: STRING
// $department: STRING
// $at: ZONED DATETIME
MATCH (c:Campaign {id: $id})
SET c.created_at = $at
MERGE (d:Department {id: $department})
MERGE (d)-[:OWNS]->(c)
