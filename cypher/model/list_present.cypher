// Those of these persons that are there.
// $ids: LIST<STRING>
// returns: id
UNWIND $ids AS id
MATCH (p:Person {id: id})
RETURN p.id AS id
