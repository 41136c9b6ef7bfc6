// Persons whose pairs wait to be scored, longest waiting first: of those who came alone and of those who came in bulk
// so many each. A mark that lies further ahead than any is put off was made by a clock that was set back since.
// $due: INTEGER, epoch microseconds
// $bulk: INTEGER, where the marks of bulk begin
// $bulk_due: INTEGER
// $beyond: INTEGER, epoch microseconds; further ahead nobody is put off
// $limit: INTEGER
// returns: id, view_id, resolve_at
CALL () {
  MATCH (p:Person)
  WHERE p.resolve_at <= $due AND p.resolve_at < $bulk
  RETURN p ORDER BY p.resolve_at LIMIT $limit
  UNION ALL
  MATCH (p:Person)
  WHERE p.resolve_at >= $bulk AND p.resolve_at <= $bulk_due
  RETURN p ORDER BY p.resolve_at LIMIT $limit
  UNION ALL
  MATCH (p:Person)
  WHERE p.resolve_at > $beyond AND p.resolve_at < $bulk
  RETURN p ORDER BY p.resolve_at LIMIT $limit
  UNION ALL
  MATCH (p:Person)
  WHERE p.resolve_at > $bulk + $beyond
  RETURN p ORDER BY p.resolve_at LIMIT $limit
}
RETURN p.id AS id, p.view_id AS view_id, p.resolve_at AS resolve_at
