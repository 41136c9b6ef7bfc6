// How often somebody was erased.
// returns: erasures
MATCH (x:Erasure)
RETURN count(x) AS erasures
