// Views that hold an identifier, those in reach by an event that carries it.
// $key: STRING
// $reach: MAP {everything, department, family}
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: view_id
MATCH (i:Identifier {key: $key})<-[:HAS]-(p:Person)
WHERE p.view_id > $after AND ($reach.everything OR EXISTS {
  MATCH (p)<-[:OF]-(e:Event)-[:CARRIES]->(i)
  WHERE e.type STARTS WITH $reach.family
     OR EXISTS {
       (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: e.target_id})
       WHERE coalesce(own.created_at <= e.received_at, true)
     }
})
WITH DISTINCT p.view_id AS view_id
RETURN view_id
ORDER BY view_id
LIMIT $limit
