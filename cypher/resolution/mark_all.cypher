// Asks for every person's pairs to be scored, a page at a time.
// $after: STRING, '' at first
// $at: INTEGER, epoch microseconds
// $limit: INTEGER
// returns: last
MATCH (p:Person)
WHERE p.id > $after AND p.kind <> 'unattributed'
WITH p ORDER BY p.id LIMIT $limit
SET p.resolve_at = CASE WHEN p.resolve_at < $at THEN p.resolve_at - 1 ELSE $at END
RETURN max(p.id) AS last
