// Views that hold an identifier.
// $key: STRING
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: view_id
MATCH (:Identifier {key: $key})<-[:HAS]-(p:Person)
WITH DISTINCT p.view_id AS view_id
WHERE view_id > $after
RETURN view_id
ORDER BY view_id
LIMIT $limit
