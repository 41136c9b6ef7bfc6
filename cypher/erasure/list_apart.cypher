// Persons whom decisions keep apart from these.
// $ids: LIST<STRING>
// returns: id
MATCH (p:Person)-[:NOT_SAME_AS]-(other:Person)
WHERE p.id IN $ids AND NOT other.id IN $ids
RETURN DISTINCT other.id AS id
ORDER BY id
