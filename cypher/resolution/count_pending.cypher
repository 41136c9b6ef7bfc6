// How many persons wait to be scored, and since when: of those who came alone and of those of bulk.
// $due: INTEGER, epoch microseconds
// $bulk: INTEGER, where the marks of bulk begin
// $bulk_due: INTEGER
// returns: alone, in_bulk; alone_since, bulk_since as they are marked, in epoch microseconds; null for nobody
CALL () {
  MATCH (p:Person)
  WHERE p.resolve_at <= $due AND p.resolve_at < $bulk
  RETURN count(p) AS alone, min(p.resolve_at) AS alone_since
}
CALL () {
  MATCH (p:Person)
  WHERE p.resolve_at >= $bulk AND p.resolve_at <= $bulk_due
  RETURN count(p) AS in_bulk, min(p.resolve_at) AS bulk_since
}
RETURN alone, in_bulk, alone_since, bulk_since
