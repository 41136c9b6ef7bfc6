// An entry of the decision log with what became of it.
// $id: STRING
// returns: entry: MAP, confirmed, superseded_by: LIST<STRING>, of kinds of entry, is_awaited (its candidate waits for it
//   to be confirmed: it is the last on it, and replaces what stands there)
MATCH (d:Decision {id: $id})
RETURN properties(d) AS entry, EXISTS { (:Decision)-[:CONFIRMS]->(d) } AS confirmed,
       COLLECT { MATCH (s:Decision)-[:SUPERSEDES]->(d) RETURN s.entry } AS superseded_by,
       EXISTS {
         MATCH (d)-[:DECIDES]->(c:Candidate {status: 'awaiting'})
         WHERE coalesce(c.decision, '') = coalesce(d.supersedes, '')
           AND NOT EXISTS { MATCH (c)<-[:DECIDES]-(later:Decision {entry: 'decision'}) WHERE later.seq > d.seq }
       } AS is_awaited
