// I4: events that are not of exactly one person, carry nothing (but for those being erased) or were never answered.
// $limit: INTEGER
// returns: id
MATCH (e:Event)
WHERE e.id IS NULL OR e.reply IS NULL OR COUNT { (e)-[:OF]->(:Person) } <> 1 OR COUNT { (e)-[:OF]->() } <> 1
  OR NOT (EXISTS { (e)-[:CARRIES]->(:Identifier) } OR EXISTS { (e)-[:OF]->(p:Person) WHERE p.erasure IS NOT NULL })
RETURN coalesce(e.id, elementId(e)) AS id
ORDER BY id LIMIT $limit
