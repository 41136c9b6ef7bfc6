// The greatest place in the decision log that is taken.
// returns: seq, id
MATCH (d:Decision)
WHERE d.seq IS NOT NULL
RETURN d.seq AS seq, d.id AS id
ORDER BY seq DESC LIMIT 1
