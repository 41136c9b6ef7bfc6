// Runs of retention that nobody closed, and those that were closed without what is to be forgotten. An older version
// gives a run the status of an erasure.
// $before: ZONED DATETIME, when those of an older version must have begun
// returns: id
MATCH (x:Erasure)
WHERE x.status = 'expiring' OR (x.status = 'forgetting' AND x.forget IS NULL)
  OR (x.status = 'erasing' AND x.at < $before AND EXISTS { (:Decision {id: x.entry, verdict: 'expire'}) })
RETURN x.id AS id
ORDER BY x.at, id
