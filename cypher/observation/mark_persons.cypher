// Asks the resolver to score the pairs of these persons. A mark that puts off does not put off an earlier one, but it
// differs from it, so that who has read the earlier one does not take it off unseen.
// $ids: LIST<STRING>
// $at: INTEGER, epoch microseconds
// $puts_off: BOOLEAN
CYPHER replan=skip
UNWIND $ids AS id
MATCH (p:Person {id: id})
SET p.resolve_at = CASE WHEN $puts_off AND p.resolve_at < $at THEN p.resolve_at - 1 ELSE $at END
