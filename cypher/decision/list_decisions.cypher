// A page of the decision log, oldest first.
// $after: INTEGER, the seq before the first
// $since: STRING, a moment in the form in which entries keep it, or ''
// $limit: INTEGER
// returns: entry: MAP, confirmed, superseded_by: LIST<STRING>, of kinds of entry
MATCH (d:Decision)
WHERE d.seq > $after AND d.at >= $since
RETURN properties(d) AS entry, EXISTS { (:Decision)-[:CONFIRMS]->(d) } AS confirmed,
       COLLECT { MATCH (s:Decision)-[:SUPERSEDES]->(d) RETURN s.entry } AS superseded_by
ORDER BY d.seq
LIMIT $limit
