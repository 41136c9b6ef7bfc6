// Notes that the bytes of a hash are gone: of evidence the node, its hash and its events remain; of an unknown one nothing.
// $sha256: STRING
// $at: ZONED DATETIME
MATCH (v:Evidence {sha256: $sha256})
WITH v, v.status AS status
FOREACH (known IN CASE status WHEN 'purging' THEN [v] ELSE [] END | SET known.status = 'purged', known.purged_at = $at)
FOREACH (unknown IN CASE status WHEN 'unknown' THEN [v] ELSE [] END | DELETE unknown)
