// Asks for every person's pairs to be scored by the model that was promoted, the next page of them. No row when all are
// asked for, or another model is live.
// $promotion: STRING, id of its entry
// $at: INTEGER, epoch microseconds
// $limit: INTEGER
// returns: last
MATCH (m:Model {status: 'live', promotion: $promotion})
SET m.name = m.name
WITH m
WHERE m.marked_to IS NOT NULL
CALL (m) {
  MATCH (p:Person)
  WHERE p.id > m.marked_to AND p.kind <> 'unattributed'
  WITH p ORDER BY p.id LIMIT $limit
  SET p.resolve_at = CASE WHEN p.resolve_at < $at THEN p.resolve_at - 1 ELSE $at END
  RETURN max(p.id) AS last
}
SET m.marked_to = last, m.promotion = CASE WHEN last IS NULL THEN null ELSE m.promotion END
WITH last
WHERE last IS NOT NULL
RETURN last
