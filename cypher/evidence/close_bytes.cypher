// Notes that the bytes of a hash are gone: of evidence the node, its hash and its events remain; of an unknown one nothing.
// $sha256: STRING
// $now: ZONED DATETIME
MATCH (v:Evidence {sha256: $sha256})
WITH v, v.status = 'unknown' AS unknown
FOREACH (one IN CASE WHEN unknown THEN [] ELSE [v] END | SET one.status = 'purged', one.purged_at = $now)
FOREACH (one IN CASE WHEN unknown THEN [v] ELSE [] END | DELETE one)
