// What kind these persons are of.
// $ids: LIST<STRING>
// returns: id, kind
MATCH (p:Person)
WHERE p.id IN $ids
RETURN p.id AS id, p.kind AS kind
ORDER BY id
