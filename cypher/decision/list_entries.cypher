// A page of the decision log as it is stored, up to an entry, with what hangs on each.
// $after: INTEGER
// $last: INTEGER
// $limit: INTEGER
// returns: entry: MAP, decides: LIST<STRING>, confirms: LIST<STRING>, supersedes: LIST<STRING>, confirmed
MATCH (d:Decision)
WHERE d.seq > $after AND d.seq <= $last
WITH d ORDER BY d.seq LIMIT $limit
RETURN properties(d) AS entry,
       COLLECT { MATCH (d)-[:DECIDES]->(c) RETURN c.id ORDER BY c.id } AS decides,
       COLLECT { MATCH (d)-[:CONFIRMS]->(e) RETURN e.id ORDER BY e.id } AS confirms,
       COLLECT { MATCH (d)-[:SUPERSEDES]->(e) RETURN e.id ORDER BY e.id } AS supersedes,
       EXISTS { (:Decision)-[:CONFIRMS]->(d) } AS confirmed
ORDER BY d.seq
