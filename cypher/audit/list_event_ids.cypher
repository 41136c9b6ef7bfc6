// A page of the ids of events.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: id
MATCH (e:Event)
WHERE e.id > $after
RETURN e.id AS id
ORDER BY id LIMIT $limit
