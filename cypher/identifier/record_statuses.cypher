// Writes how identifiers stand now, since when, and what led there: the last $most steps of it.
// `shared_since` is when it ceased to anchor anything.
// $rows: LIST<MAP {key, status, step}> sorted by key
// $at: ZONED DATETIME
// $most: INTEGER
UNWIND $rows AS row
MATCH (i:Identifier {key: row.key})
SET i.status = row.status, i.status_since = $at,
    i.status_history = (coalesce(i.status_history, []) + row.step)[-$most..],
    i.shared_since = CASE WHEN row.status IN ['shared', 'blocked'] THEN coalesce(i.shared_since, $at) END
