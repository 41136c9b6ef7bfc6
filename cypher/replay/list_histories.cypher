// A page of identifiers that do not stand as most do, or did not once: how they stand, and how they came to.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: key, status, history: MAP
MATCH (i:Identifier)
WHERE i.key > $after AND (i.status <> 'exclusive' OR i.status_since IS NOT NULL)
RETURN i.key AS key, i.status AS status,
       {status_since: i.status_since, status_history: i.status_history, shared_since: i.shared_since} AS history
ORDER BY key LIMIT $limit
