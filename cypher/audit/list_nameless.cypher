// I4: persons, events and identifiers without an id. That no two have the same one is what their constraints say.
// $limit: INTEGER
// returns: id
CALL () {
  MATCH (n:Person) WHERE n.id IS NULL
  RETURN 'person ' + elementId(n) AS id LIMIT $limit
  UNION ALL
  MATCH (n:Event) WHERE n.id IS NULL
  RETURN 'event ' + elementId(n) AS id LIMIT $limit
  UNION ALL
  MATCH (n:Identifier) WHERE n.key IS NULL
  RETURN 'identifier ' + elementId(n) AS id LIMIT $limit
}
RETURN id
ORDER BY id LIMIT $limit
