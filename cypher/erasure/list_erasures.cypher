// Every erasure, oldest first.
// returns: erasure: MAP
MATCH (x:Erasure)
RETURN properties(x) AS erasure
ORDER BY x.at, x.id
