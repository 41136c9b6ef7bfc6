// Notes that the bytes of evidence are gone; the node, its hash and its events remain.
// $hashes: LIST<STRING> sorted
// $at: ZONED DATETIME
UNWIND $hashes AS sha256
MATCH (v:Evidence {sha256: sha256}) WHERE v.status = 'purging'
SET v.status = 'purged', v.purged_at = $at
