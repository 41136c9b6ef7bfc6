// Evidence by its hash.
// $sha256: STRING
// returns: sha256, media_type, bytes, uri, status, damaged_at
MATCH (v:Evidence {sha256: $sha256})
RETURN v.sha256 AS sha256, v.media_type AS media_type, v.bytes AS bytes, v.uri AS uri, v.status AS status,
       toString(v.damaged_at) AS damaged_at
