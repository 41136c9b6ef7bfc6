// Locks a campaign, so that what is read after it is what the last writer left.
// $id: STRING
MATCH (c:Campaign {id: $id})
SET c.written_at = datetime()
