// Entries that failed too often, oldest first.
// $limit: INTEGER
// returns: id, aggregate, key, version, attempts, error, at
MATCH (o:Outbox {status: 'dead'}) WHERE o.next_at IS NOT NULL
RETURN o.id AS id, o.aggregate AS aggregate, o.key AS key, o.version AS version, o.attempts AS attempts,
       o.error AS error, o.at AS at
ORDER BY o.at, o.id LIMIT $limit
