// Notes that evidence is stored, or finds it. What is being deleted stays so, and its status says so.
// $sha256: STRING
// $fields: MAP {media_type, bytes, uri}
// $at: ZONED DATETIME
// $expires_at: ZONED DATETIME, or null to keep it
// returns: before (status it had: null, stored, purging, purged), media_type, bytes, uri
OPTIONAL MATCH (known:Evidence {sha256: $sha256})
WITH known.status AS before
MERGE (v:Evidence {sha256: $sha256})
ON CREATE SET v += $fields, v.stored_at = $at
SET v.status = CASE v.status WHEN 'purging' THEN 'purging' ELSE 'stored' END
SET v.expires_at = CASE
      WHEN before = 'stored' AND (v.expires_at IS NULL OR v.expires_at > $expires_at) THEN v.expires_at
      ELSE $expires_at END
RETURN before, v.media_type AS media_type, v.bytes AS bytes, v.uri AS uri
