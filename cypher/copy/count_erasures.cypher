// How often somebody was erased. One that takes several transactions counts again when its last event is gone.
// returns: erasures
MATCH (x:Erasure)
RETURN count(x) + sum(CASE WHEN x.status IN ['erasing', 'expiring'] THEN 0 ELSE 1 END) AS erasures
