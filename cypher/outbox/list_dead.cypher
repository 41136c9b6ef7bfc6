// Entries that are dead or failed too often, oldest first.
// $most: INTEGER, attempts
// $limit: INTEGER
// returns: id, aggregate, key, version, attempts, error, at
MATCH (o:Outbox) WHERE o.status = 'dead' OR o.attempts >= $most
RETURN o.id AS id, o.aggregate AS aggregate, o.key AS key, o.version AS version, o.attempts AS attempts,
       o.error AS error, o.at AS at
ORDER BY o.at, o.id LIMIT $limit
