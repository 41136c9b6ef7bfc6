// Notes that what is stored is not what its hash says.
// $sha256: STRING
// $at: ZONED DATETIME
MATCH (v:Evidence {sha256: $sha256})
SET v.damaged_at = coalesce(v.damaged_at, $at)
