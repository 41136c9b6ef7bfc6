// Notes that all events that targeted a campaign before it was there are linked to it, and since when.
// $id: STRING
// $at: ZONED DATETIME
MATCH (c:Campaign {id: $id})
WHERE c.linked_at IS NULL
SET c.linked_at = $at
