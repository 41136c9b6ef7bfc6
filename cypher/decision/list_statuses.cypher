// Identifiers with their status.
// $keys: LIST<STRING>
// returns: key, status
MATCH (i:Identifier)
WHERE i.key IN $keys
RETURN i.key AS key, i.status AS status
ORDER BY key
