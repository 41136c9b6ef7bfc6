// The first known views by id; ids are hashes, so they are a fair sample.
// $limit: INTEGER
// returns: view_id
MATCH (p:Person)
WHERE p.id > '' AND p.kind = 'known' AND p.id = p.view_id
RETURN p.id AS view_id
ORDER BY p.id
LIMIT $limit
