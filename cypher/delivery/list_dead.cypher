// Deliveries that failed too often, oldest first.
// $limit: INTEGER
// returns: id, key, version, attempts, error, at
MATCH (d:Delivery {status: 'dead'})
WHERE d.sink_id IS NOT NULL
RETURN d.id AS id, d.campaign_id AS key, d.version AS version, d.attempts AS attempts, d.error AS error,
       d.failed_at AS at
ORDER BY at, id LIMIT $limit
