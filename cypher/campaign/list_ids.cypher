// Ids of campaigns in order, from one on.
// $after: STRING
// $limit: INTEGER
// returns: id
MATCH (c:Campaign) WHERE c.id > $after
RETURN c.id AS id ORDER BY id LIMIT $limit
