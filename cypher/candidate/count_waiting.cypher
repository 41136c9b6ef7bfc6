// How many persons' pairs are due to be scored.
// $due: INTEGER, epoch microseconds
// returns: waiting
MATCH (p:Person)
WHERE p.resolve_at <= $due
RETURN count(p) AS waiting
