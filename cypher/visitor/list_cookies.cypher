// Cookies that a view holds, those used last first.
// $view_id: STRING
// $limit: INTEGER
// returns: value
MATCH (:Person {view_id: $view_id})-[h:HAS]->(i:Identifier {kind: 'cookie'})
WITH i.value AS value, max(h.last_seen) AS last_seen
RETURN value ORDER BY last_seen DESC, value LIMIT $limit
