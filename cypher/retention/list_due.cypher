// A page of persons who have events of a type that are older than they may be. The only event of a joined one stays.
// $type: STRING
// $before: ZONED DATETIME
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: id
MATCH (e:Event)-[:OF]->(p:Person)
WHERE e.type = $type AND e.occurred_at < $before AND p.id > $after
WITH DISTINCT p
WHERE NOT (EXISTS { (p)-[:SAME_AS]-() } AND COUNT { (p)<-[:OF]-() } = 1)
RETURN p.id AS id
ORDER BY id LIMIT $limit
