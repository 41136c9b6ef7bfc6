// I12: removals for the end of a campaign that began before the hot memory said so.
// $limit: INTEGER
// returns: id
MATCH (d:Delivery)
WHERE d.teardown_for = 'ended' AND d.teardown_at IS NOT NULL
  AND (d.hot_ended_at IS NULL OR d.hot_ended_at > d.teardown_at)
RETURN d.id AS id
ORDER BY id LIMIT $limit
