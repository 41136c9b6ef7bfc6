// Writes what is said of a locked campaign, as its next version.
// $id: STRING
// $properties: MAP {name, status, department, starts_at, ends_at, closing}
// returns: version
MATCH (c:Campaign {id: $id})
SET c += $properties, c.version = c.version + 1
RETURN c.version AS version
