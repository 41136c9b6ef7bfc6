// What persons hold, and whether others hold it too.
// $ids: LIST<STRING>
// returns: key, is_shared
MATCH (p:Person)-[:HAS]->(i:Identifier)
WHERE p.id IN $ids
WITH DISTINCT i
RETURN i.key AS key, EXISTS { (i)<-[:HAS]-(other:Person) WHERE NOT other.id IN $ids } AS is_shared
ORDER BY key
