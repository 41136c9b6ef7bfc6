// Notes when a session was last used, unless that was noted a moment ago.
// $hash: STRING, SHA-256 of its secret in hex
// $at: ZONED DATETIME
// $before: ZONED DATETIME
MATCH (s:Session {hash: $hash})
WHERE s.used_at IS NULL OR s.used_at < $before
SET s.used_at = $at
