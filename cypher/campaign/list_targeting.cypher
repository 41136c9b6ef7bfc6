// Events that target a campaign, whenever they came. Each event has a type; to say so lets the index find them.
// $id: STRING
// $limit: INTEGER
// returns: id
MATCH (e:Event {target_id: $id})
WHERE e.type IS NOT NULL
RETURN e.id AS id LIMIT $limit
