// Locks the entries that have been due for longest; another projector may have taken some of them meanwhile.
// $limit: INTEGER
// $longest: FLOAT, seconds for which an entry may wait: one that would wait longer was noted by a clock that ran ahead
// returns: id
MATCH (o:Outbox)
WHERE o.status = 'waiting'
  AND (o.next_at <= datetime() OR o.next_at > datetime() + duration({milliseconds: toInteger($longest * 1000)}))
WITH o ORDER BY o.status, o.next_at LIMIT $limit
WITH o ORDER BY o.id
SET o.locked_at = datetime()
RETURN o.id AS id
