// A page of the candidates of approved links that lean on what is shared by now, by id: ids only.
// $kind: STRING
// $id: STRING, of the last item before
// $limit: INTEGER
// returns: id
MATCH ()-[r:SAME_AS {weakened: true}]->()
MATCH (:Decision {id: r.decision})-[:DECIDES]->(c:Candidate {kind: $kind})
WHERE c.id < $id
RETURN DISTINCT c.id AS id ORDER BY id DESC LIMIT $limit
