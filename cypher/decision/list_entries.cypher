// A page of the decision log as it is stored, up to an entry.
// $after: INTEGER
// $last: INTEGER
// $limit: INTEGER
// returns: entry: MAP
MATCH (d:Decision)
WHERE d.seq > $after AND d.seq <= $last
RETURN properties(d) AS entry
ORDER BY d.seq
LIMIT $limit
