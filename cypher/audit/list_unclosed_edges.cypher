// I6: what a decision drew or marked that is of no effect any more, or that is not there.
// $limit: INTEGER
// returns: id
CALL () {
  MATCH (l:Person)-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]->(q:Person)
  WHERE NOT EXISTS { (d:Decision {id: r.decision}) WHERE NOT EXISTS { (d)<-[:SUPERSEDES]-(:Decision) } }
  RETURN l.id + ' ' + type(r) + ' ' + q.id AS id
  UNION
  MATCH (d:Decision)-[:SHARES]->(i:Identifier)
  WHERE EXISTS { (d)<-[:SUPERSEDES]-(:Decision) }
  RETURN d.id + ' SHARES ' + i.key AS id
}
RETURN id
ORDER BY id LIMIT $limit
