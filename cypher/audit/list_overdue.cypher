// I12, I14: changes that have waited for long, of the outbox and of sinks.
// $before: ZONED DATETIME
// $limit: INTEGER
// returns: id
CALL () {
  MATCH (o:Outbox)
  WHERE o.at < $before
  RETURN o.aggregate + ' ' + o.key AS id
  UNION
  MATCH (d:Delivery)
  WHERE d.status = 'dead' OR (d.status = 'waiting' AND d.asked_at < $before)
  RETURN 'delivery ' + d.id AS id
}
RETURN id
ORDER BY id LIMIT $limit
