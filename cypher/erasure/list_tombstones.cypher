// Those of these hashes that are tombstones.
// $hashes: LIST<STRING>
// returns: hash, at, suppressed
UNWIND $hashes AS hash
MATCH (t:Tombstone {hash: hash})
RETURN hash, t.at AS at, t.suppressed AS suppressed
