// Locks the entries of an aggregate that have been due for longest; another projector may have taken some meanwhile.
// $aggregate: STRING
// $limit: INTEGER
// returns: id
MATCH (o:Outbox) WHERE o.aggregate = $aggregate AND o.status = 'waiting' AND o.next_at <= datetime()
WITH o ORDER BY o.aggregate, o.status, o.next_at LIMIT $limit
WITH o ORDER BY o.id
SET o.locked_at = datetime()
RETURN o.id AS id
