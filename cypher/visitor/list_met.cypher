// Campaigns that a view met, by any event that targets them; on one cookie only, if it is given.
// $view_id: STRING
// $key: STRING or null
// $limit: INTEGER
// returns: id
CALL () {
  WITH 1 AS one WHERE $key IS NULL
  MATCH (:Person {view_id: $view_id})<-[:OF]-(e:Event) WHERE e.target_id IS NOT NULL
  RETURN DISTINCT e.target_id AS id
  UNION
  WITH 1 AS one WHERE $key IS NOT NULL
  MATCH (:Identifier {key: $key})<-[:CARRIES]-(e:Event)
  WHERE e.target_id IS NOT NULL AND EXISTS { (e)-[:OF]->(:Person {view_id: $view_id}) }
  RETURN DISTINCT e.target_id AS id
}
MATCH (c:Campaign {id: id})
RETURN DISTINCT c.id AS id ORDER BY id LIMIT $limit
