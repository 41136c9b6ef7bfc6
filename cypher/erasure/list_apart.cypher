// Strong identifiers of persons whom decisions keep apart from these.
// $ids: LIST<STRING>
// returns: key
MATCH (p:Person)-[:NOT_SAME_AS]-(other:Person)
WHERE p.id IN $ids AND NOT other.id IN $ids
WITH DISTINCT other
MATCH (other)-[:HAS]->(i:Identifier)
WHERE i.kind IN ['user_id', 'email', 'phone'] AND NOT EXISTS { (i)<-[:HAS]-(p:Person) WHERE p.id IN $ids }
RETURN DISTINCT i.key AS key
ORDER BY key
