// I12, I14: campaigns that have ended for a while and still stand at a sink.
// $before: ZONED DATETIME
// $limit: INTEGER
// returns: id
MATCH (c:Campaign)
WHERE c.status = 'ended' OR c.ends_at < $before
MATCH (d:Delivery {campaign_id: c.id})
WHERE NOT d.state IN ['waiting', 'gone'] AND coalesce(d.asked_at, $before) <= $before
RETURN d.id AS id
ORDER BY id LIMIT $limit
