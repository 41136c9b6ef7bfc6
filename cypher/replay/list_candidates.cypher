// A page of candidates, and the second looks at each.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: id, candidate: MAP, reviews: LIST<MAP>
MATCH (c:Candidate)
WHERE c.id > $after
WITH c ORDER BY c.id LIMIT $limit
RETURN c.id AS id, properties(c) AS candidate,
       COLLECT { MATCH (c)<-[:REVIEWS]-(r:Review) RETURN properties(r) ORDER BY r.id } AS reviews
ORDER BY id
