// What persons hold, whether others hold it too, and whether it is bound to these persons, or they ended a session on it:
// to whom it is bound may follow from that alone.
// $ids: LIST<STRING>
// returns: key, is_shared, binds
MATCH (p:Person)-[h:HAS]->(i:Identifier)
WHERE p.id IN $ids
WITH i, sum(CASE WHEN h.current OR h.last_out IS NOT NULL THEN 1 ELSE 0 END) > 0 AS binds
RETURN i.key AS key, EXISTS { (i)<-[:HAS]-(other:Person) WHERE NOT other.id IN $ids } AS is_shared, binds
ORDER BY key
