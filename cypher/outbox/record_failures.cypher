// Notes failed attempts, and when to try again; an entry that failed too often is dead.
// $rows: LIST<MAP {id, wait, error}> sorted by id; wait in seconds
// $most: INTEGER
UNWIND $rows AS row
MATCH (o:Outbox {id: row.id})
SET o.attempts = o.attempts + 1, o.error = row.error,
    o.next_at = datetime() + duration({milliseconds: toInteger(row.wait * 1000)})
SET o.status = CASE WHEN o.attempts >= $most THEN 'dead' ELSE 'waiting' END
