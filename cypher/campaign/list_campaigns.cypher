// Campaigns of a department, or of every one, in the order of their ids, without what they offer.
// $department: STRING or null
// $after: STRING
// $limit: INTEGER
// returns: id, name, status, department, starts_at, ends_at, closing, version, artifacts: LIST, empty
MATCH (c:Campaign)
WHERE c.id > $after AND c.status IS NOT NULL AND ($department IS NULL OR c.department = $department)
RETURN c.id AS id, c.name AS name, c.status AS status, c.department AS department, c.starts_at AS starts_at,
       c.ends_at AS ends_at, c.closing AS closing, c.version AS version, [] AS artifacts
ORDER BY id LIMIT $limit
