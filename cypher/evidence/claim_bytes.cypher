// Locks a hash before its bytes are deleted. Of one that is not known a node is there until close_bytes, in the same
// transaction, so that who posts it waits.
// $sha256: STRING
// $now: ZONED DATETIME
// returns: may (nobody keeps them: unknown, or its time is over)
MERGE (v:Evidence {sha256: $sha256})
ON CREATE SET v.status = 'unknown'
SET v.sha256 = v.sha256
RETURN v.status IN ['unknown', 'purging'] OR (v.status = 'stored' AND coalesce(v.expires_at <= $now, false)) AS may
