// A page of the keys that somebody holds, or that an event carries whose person is not being erased.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: id
MATCH (i:Identifier)
WHERE i.key > $after AND (EXISTS { (i)<-[:HAS]-() }
  OR EXISTS { (i)<-[:CARRIES]-(e)-[:OF]->(p) WHERE p.erasure IS NULL })
RETURN i.key AS id
ORDER BY id LIMIT $limit
