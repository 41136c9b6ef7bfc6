// A page of persons who have events of a type that are older than they may be.
// $type: STRING
// $before: ZONED DATETIME
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: id
MATCH (e:Event)-[:OF]->(p:Person)
WHERE e.type = $type AND e.occurred_at < $before AND p.id > $after
RETURN DISTINCT p.id AS id
ORDER BY id LIMIT $limit
