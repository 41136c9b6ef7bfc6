// Notes when a key was last used, unless that was noted a moment ago.
// $id: STRING
// $at: ZONED DATETIME
// $before: ZONED DATETIME
MATCH (k:ApiKey {id: $id})
WHERE k.last_used_at IS NULL OR k.last_used_at < $before
SET k.last_used_at = $at
