// Asks for the pairs of all persons who wait, those of an import included, to be scored now.
// $at: ZONED DATETIME
// $limit: INTEGER
// returns: marked
MATCH (p:Person)
WHERE p.resolve_at > $at
WITH p LIMIT $limit
SET p.resolve_at = $at
RETURN count(p) AS marked
