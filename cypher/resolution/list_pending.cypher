// Persons whose pairs wait to be scored, longest waiting first.
// $due: INTEGER, epoch microseconds
// $limit: INTEGER
// returns: id, view_id, resolve_at
MATCH (p:Person)
WHERE p.resolve_at <= $due
RETURN p.id AS id, p.view_id AS view_id, p.resolve_at AS resolve_at
ORDER BY p.resolve_at
LIMIT $limit
