// I9: ways between a campaign and a person that do not go through an event.
// $limit: INTEGER
// returns: id
CALL () {
  MATCH (p:Person|Identifier|Candidate)--(n:Campaign|Artifact|Department)
  RETURN coalesce(n.id, n.key) + ' – ' + coalesce(p.id, p.key) AS id
}
RETURN DISTINCT id
ORDER BY id LIMIT $limit
