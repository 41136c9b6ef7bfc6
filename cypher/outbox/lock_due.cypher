// Locks the entries that have been due for longest; another projector may have taken some of them meanwhile. One that
// would wait for longer than any does was noted by a clock that was set back since: it is due as well.
// $limit: INTEGER
// $longest: FLOAT, seconds
// returns: id
CALL () {
  MATCH (o:Outbox) WHERE o.status = 'waiting' AND o.next_at <= datetime()
  RETURN o ORDER BY o.status, o.next_at LIMIT $limit
  UNION ALL
  MATCH (o:Outbox)
  WHERE o.status = 'waiting' AND o.next_at > datetime() + duration({milliseconds: toInteger($longest * 1000)})
  RETURN o LIMIT $limit
}
WITH o ORDER BY o.id
SET o.locked_at = datetime()
RETURN o.id AS id
