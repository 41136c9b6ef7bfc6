// Clears away what has expired.
// $at: ZONED DATETIME
MATCH (s:Session)
WHERE s.expires_at <= $at
DELETE s
