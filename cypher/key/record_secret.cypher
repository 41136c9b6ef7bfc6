// Gives a key that is good another secret. The one before it is good until it ends; any older one is not.
// $id: STRING
// $hash: STRING, SHA-256 in hex
// $at: ZONED DATETIME
// $until: ZONED DATETIME
// returns: id, name, until
MATCH (k:ApiKey {id: $id})
WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $at)
SET k.past = coalesce(k.past, []) + k.hash, k.old_hash = k.hash, k.old_until = $until, k.rotated_at = $at
SET k.hash = $hash
RETURN k.id AS id, k.name AS name, toString(k.old_until) AS until
