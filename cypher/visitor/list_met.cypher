// Campaigns that a view met, by any event that targets them; on one cookie only, if it is given.
// $view_id: STRING
// $key: STRING or null
// $limit: INTEGER
// returns: id
CALL () {
  WITH 1 AS one WHERE $key IS NULL
  MATCH (:Person {view_id: $view_id})<-[:OF]-(:Event)-[:TARGETS]->(c:Campaign) RETURN c.id AS id
  UNION
  WITH 1 AS one WHERE $key IS NOT NULL
  MATCH (:Identifier {key: $key})<-[:CARRIES]-(e:Event)-[:TARGETS]->(c:Campaign)
  WHERE EXISTS { (e)-[:OF]->(:Person {view_id: $view_id}) } RETURN c.id AS id
}
RETURN DISTINCT id ORDER BY id LIMIT $limit
