// How many entries wait, how many are dead or failed too often, and since when the oldest waits.
// $most: INTEGER, attempts
// returns: waiting, dead, lag in seconds
OPTIONAL MATCH (o:Outbox)
WITH count(CASE WHEN o.status = 'waiting' THEN 1 END) AS waiting,
     count(CASE WHEN o.status = 'dead' OR o.attempts >= $most THEN 1 END) AS dead,
     min(CASE WHEN o.status = 'waiting' THEN o.at END) AS oldest
RETURN waiting, dead,
       CASE WHEN oldest IS NULL THEN 0.0 ELSE (datetime().epochMillis - oldest.epochMillis) / 1000.0 END AS lag
