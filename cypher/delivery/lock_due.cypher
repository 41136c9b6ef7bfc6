// Locks what has been due at a sink for longest; another worker may have taken some of it meanwhile.
// $sink_id: STRING
// $limit: INTEGER
// returns: id
MATCH (d:Delivery)
WHERE d.sink_id = $sink_id AND d.status = 'waiting' AND d.next_at <= datetime()
  AND (d.leased_until IS NULL OR d.leased_until < datetime())
WITH d ORDER BY d.next_at LIMIT $limit
WITH d ORDER BY d.id
SET d.locked_at = datetime()
RETURN d.id AS id
