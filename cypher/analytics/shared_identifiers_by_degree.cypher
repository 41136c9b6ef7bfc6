// How many identifiers are held by how many persons (views), by kind and status.
// $kind: STRING, email, phone, user_id, cookie or session; null is all; default null
// $at_least: INTEGER, fewest persons that hold one; default 2
// returns: kind, persons, status, identifiers
MATCH (p:Person)-[:HAS]->(i:Identifier)
WHERE $kind IS NULL OR i.kind = $kind
WITH i, count(DISTINCT p.view_id) AS persons
WHERE persons >= $at_least
RETURN i.kind AS kind, persons, i.status AS status, count(*) AS identifiers
ORDER BY kind, persons DESC, status
