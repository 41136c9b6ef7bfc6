// An entry of the decision log with what became of it.
// $id: STRING
// returns: entry: MAP, confirmed, superseded_by: LIST<STRING>, of kinds of entry, is_last (nobody decided its candidate after it)
MATCH (d:Decision {id: $id})
RETURN properties(d) AS entry, EXISTS { (:Decision)-[:CONFIRMS]->(d) } AS confirmed,
       COLLECT { MATCH (s:Decision)-[:SUPERSEDES]->(d) RETURN s.entry } AS superseded_by,
       NOT EXISTS {
         MATCH (d)-[:DECIDES]->(:Candidate)<-[:DECIDES]-(later:Decision {entry: 'decision'}) WHERE later.seq > d.seq
       } AS is_last
