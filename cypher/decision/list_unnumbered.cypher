// Entries of the decision log that have no place in it.
// returns: id
MATCH (d:Decision)
WHERE NOT (d.seq IS :: INTEGER NOT NULL AND d.seq >= 1)
RETURN d.id AS id
ORDER BY id
LIMIT 20
