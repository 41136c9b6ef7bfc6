// I4: persons whose identifiers are not what their events carry, as often as they carry it, but for those being erased.
// $limit: INTEGER
// returns: id
MATCH (p:Person)
WHERE p.erasure IS NULL
CALL (p) {
  MATCH (p)<-[:OF]-(:Event)-[:CARRIES]->(i:Identifier)
  WITH p, i, count(*) AS carried
  RETURN count(i) AS pairs,
         sum(CASE COUNT { (p)-[h:HAS]->(i) WHERE h.count = carried } WHEN 1 THEN 0 ELSE 1 END) AS wrong
}
WITH p, pairs, wrong
WHERE wrong > 0 OR pairs <> COUNT { (p)-[:HAS]->() }
RETURN p.id AS id
ORDER BY id LIMIT $limit
