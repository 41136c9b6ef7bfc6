// A page of persons, with the mark of those who wait to be scored.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: id, resolve_at
MATCH (p:Person)
WHERE p.id > $after
RETURN p.id AS id, p.resolve_at AS resolve_at
ORDER BY id LIMIT $limit
