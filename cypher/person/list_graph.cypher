// The neighbourhood of a view: its fragments, their identifiers, and the other persons who hold these, 50 an identifier.
// $view_id: STRING
// returns: person_id, kind, view_id, key, identifier_kind, value, status, assurance
MATCH (own:Person {view_id: $view_id})-[:HAS]->(i:Identifier)
WITH DISTINCT i ORDER BY i.key LIMIT 200
CALL (i) {
  MATCH (i)<-[h:HAS]-(p:Person)
  RETURN p, h ORDER BY p.view_id <> $view_id, p.id LIMIT 50
}
RETURN p.id AS person_id, p.kind AS kind, p.view_id AS view_id, i.key AS key, i.kind AS identifier_kind,
       i.value AS value, i.status AS status, h.assurance AS assurance
ORDER BY key, person_id
