// Remembers by keyed hashes what must not come back.
// $rows: LIST<MAP {hash, kind, suppressed}> sorted by hash
// $at: ZONED DATETIME
UNWIND $rows AS row
MERGE (t:Tombstone {hash: row.hash})
SET t.kind = row.kind, t.at = $at, t.suppressed = coalesce(t.suppressed, false) OR row.suppressed
