// What decides whether campaigns take enrolments now.
// $ids: LIST<STRING>
// returns: id, status, starts_at, ends_at
UNWIND $ids AS id
MATCH (c:Campaign {id: id})
WHERE c.status IS NOT NULL
RETURN c.id AS id, c.status AS status, c.starts_at AS starts_at, c.ends_at AS ends_at
