// How many known views there are.
// returns: views
MATCH (p:Person {kind: 'known'})
WHERE p.id = p.view_id
RETURN count(p) AS views
