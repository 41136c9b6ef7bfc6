// How often somebody was erased. One that takes several transactions counts again when its last event is gone; until then
// it is under way, which a run of retention of an older version is not, though it has the same status.
// returns: erasures, under_way
MATCH (x:Erasure)
RETURN count(x) + sum(CASE WHEN x.status IN ['erasing', 'expiring'] THEN 0 ELSE 1 END) AS erasures,
       sum(CASE WHEN x.status = 'erasing' AND NOT EXISTS { (:Decision {id: x.entry, verdict: 'expire'}) }
           THEN 1 ELSE 0 END) AS under_way
