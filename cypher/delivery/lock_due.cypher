// Locks what has been due at a sink for longest; another worker may have taken some of it meanwhile. What is wanted and
// would wait, or is leased, for longer than ever was noted by a clock that was set back since: it is due as well.
// What is dead is due when the schedule of its campaign changes.
// $sink_id: STRING
// $limit: INTEGER
// $longest: FLOAT, seconds
// returns: id
CALL () {
  MATCH (d:Delivery) WHERE d.sink_id = $sink_id AND d.status IN ['waiting', 'dead'] AND d.next_at <= datetime()
  RETURN d
  UNION ALL
  MATCH (d:Delivery)
  WHERE d.sink_id = $sink_id AND d.status = 'waiting'
    AND d.next_at > datetime() + duration({milliseconds: toInteger($longest * 1000)})
    AND (d.version > d.tried OR d.attempts > 0)
  RETURN d
}
WITH d
WHERE d.leased_until IS NULL OR d.leased_until < datetime()
   OR d.leased_until > datetime() + duration({milliseconds: toInteger($longest * 1000)})
WITH d ORDER BY d.next_at LIMIT $limit
WITH d ORDER BY d.id
SET d.locked_at = datetime()
RETURN d.id AS id
