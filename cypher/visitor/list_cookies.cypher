// Cookies that views hold, of each those used last.
// $views: LIST<STRING>
// $limit: INTEGER, of one view
// returns: value
UNWIND $views AS view
CALL (view) {
  MATCH (:Person {view_id: view})-[h:HAS]->(i:Identifier {kind: 'cookie'})
  WITH i.value AS value, max(h.last_seen) AS last_seen
  RETURN value ORDER BY last_seen DESC, value LIMIT $limit
}
RETURN DISTINCT value
