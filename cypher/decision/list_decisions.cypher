// A page of the decision log, oldest first.
// $after: INTEGER, the seq before the first
// $since: STRING, a moment in the form in which entries keep it, or ''
// $limit: INTEGER
// returns: entry: MAP, confirmed, superseded_by: LIST<STRING>, of kinds of entry, is_awaited (its candidate waits for it to be
//   confirmed: it is the last on it, and replaces what stands there)
MATCH (d:Decision)
USING INDEX SEEK d:Decision(seq)
WHERE d.seq > $after AND d.at >= $since
RETURN properties(d) AS entry, EXISTS { (:Decision)-[:CONFIRMS]->(d) } AS confirmed,
       COLLECT { MATCH (s:Decision)-[:SUPERSEDES]->(d) RETURN s.entry } AS superseded_by,
       EXISTS {
         MATCH (d)-[:DECIDES]->(c:Candidate {status: 'awaiting'})
         WHERE coalesce(c.decision, '') = coalesce(d.supersedes, '')
           AND NOT EXISTS { MATCH (c)<-[:DECIDES]-(later:Decision {entry: 'decision'}) WHERE later.seq > d.seq }
       } AS is_awaited
ORDER BY d.seq
LIMIT $limit
