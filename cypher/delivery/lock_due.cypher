// Locks what has been due at a sink for longest; another worker may have taken some of it meanwhile.
// $sink_id: STRING
// $limit: INTEGER
// $longest: FLOAT, seconds for which what is wanted may wait, or be leased: longer was noted by a clock that ran ahead
// returns: id
MATCH (d:Delivery)
WHERE d.sink_id = $sink_id AND d.status = 'waiting'
WITH d, datetime() AS now, datetime() + duration({milliseconds: toInteger($longest * 1000)}) AS beyond
WHERE (d.next_at <= now OR d.next_at > beyond AND (d.version > d.tried OR d.attempts > 0))
  AND (d.leased_until IS NULL OR d.leased_until < now OR d.leased_until > beyond)
WITH d ORDER BY d.next_at LIMIT $limit
WITH d ORDER BY d.id
SET d.locked_at = datetime()
RETURN d.id AS id
