// I7: events that were given to a person by an identifier which was shared or blocked by then.
// $limit: INTEGER
// returns: id
MATCH (i:Identifier)<-[:CARRIES]-(e:Event)
WHERE i.status IN ['shared', 'blocked'] AND e.anchor = i.key
  AND (i.shared_since IS NULL OR e.received_at > i.shared_since)
RETURN e.id AS id
ORDER BY id LIMIT $limit
