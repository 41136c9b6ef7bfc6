// The neighbourhood of persons: themselves, their identifiers, and the other persons who hold these, 50 an identifier.
// $persons: LIST<STRING>, in the order of their ids
// returns: person_id, kind, view_id, key, identifier_kind, value, status, assurance
MATCH (own:Person)-[:HAS]->(i:Identifier)
WHERE own.id IN $persons
WITH DISTINCT i ORDER BY i.key LIMIT 200
CALL (i) {
  MATCH (i)<-[h:HAS]-(p:Person)
  RETURN p, h ORDER BY NOT p.id IN $persons, p.id LIMIT 50
}
RETURN p.id AS person_id, p.kind AS kind, p.view_id AS view_id, i.key AS key, i.kind AS identifier_kind,
       i.value AS value, i.status AS status, h.assurance AS assurance
ORDER BY key, person_id
