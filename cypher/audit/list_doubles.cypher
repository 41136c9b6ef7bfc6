// I4: persons and identifiers without an id or with one that another has.
// $limit: INTEGER
// returns: id
CALL () {
  MATCH (n:Person) RETURN n.id AS id, 'person' AS label
  UNION ALL
  MATCH (n:Event) RETURN n.id AS id, 'event' AS label
  UNION ALL
  MATCH (n:Identifier) RETURN n.key AS id, 'identifier' AS label
}
WITH label, id, count(*) AS nodes
WHERE nodes > 1 OR id IS NULL
RETURN label + ' ' + coalesce(id, 'without an id') AS id
ORDER BY id LIMIT $limit
