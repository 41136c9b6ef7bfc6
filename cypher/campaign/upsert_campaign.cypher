// Makes or finds a campaign and locks it; a new one has version 0 until it is recorded.
// $id: STRING
MERGE (c:Campaign {id: $id})
ON CREATE SET c.version = 0
SET c.written_at = datetime()
