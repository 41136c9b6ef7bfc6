// I12, I14: outbox entries that have waited for long.
// $before: ZONED DATETIME
// $limit: INTEGER
// returns: id
MATCH (o:Outbox)
WHERE o.at < $before
RETURN o.aggregate + ' ' + o.key AS id
ORDER BY id LIMIT $limit
