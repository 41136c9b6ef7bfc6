// Notes that evidence is stored, or finds it. Its right bytes were just put: what was damaged is not.
// $sha256: STRING
// $fields: MAP {media_type, bytes, uri}
// $at: ZONED DATETIME
// $expires_at: ZONED DATETIME, or null to keep it
// returns: before (status it had: null, stored, purging, purged), media_type, bytes, uri
OPTIONAL MATCH (known:Evidence {sha256: $sha256})
WITH known.status AS before
MERGE (v:Evidence {sha256: $sha256})
ON CREATE SET v += $fields, v.stored_at = $at
SET v.status = 'stored', v.damaged_at = null
SET v.expires_at = CASE
      WHEN before = 'stored' AND (v.expires_at IS NULL OR v.expires_at > $expires_at) THEN v.expires_at
      ELSE $expires_at END
RETURN before, v.media_type AS media_type, v.bytes AS bytes, v.uri AS uri
