// Notes failed attempts, and when to try again; an entry that failed too often by a fault of its own is dead.
// $rows: LIST<MAP {id, wait, error}> sorted by id; wait in seconds
// $most: INTEGER, or null where it is no fault of theirs
UNWIND $rows AS row
MATCH (o:Outbox {id: row.id})
SET o.attempts = o.attempts + 1, o.error = row.error,
    o.faults = coalesce(o.faults, 0) + CASE WHEN $most IS NULL THEN 0 ELSE 1 END,
    o.next_at = datetime() + duration({milliseconds: toInteger(row.wait * 1000)})
SET o.status = CASE WHEN o.faults >= $most THEN 'dead' ELSE 'waiting' END
