// Revokes a key; it stays on record.
// $id: STRING
// $at: ZONED DATETIME
// returns: id
MATCH (k:ApiKey {id: $id})
SET k.revoked_at = coalesce(k.revoked_at, $at)
RETURN k.id AS id
