// How long the pairs of each queue have waited, in seconds.
// $now: INTEGER, epoch seconds
// returns: kind, waiting, median, p95, oldest
MATCH (c:Candidate)
WHERE c.status = 'open' AND c.kind IN ['person', 'device']
WITH c.kind AS kind, $now - coalesce(c.reopened_at, c.created_at).epochSeconds AS age
RETURN kind, count(age) AS waiting, percentileDisc(age, 0.5) AS median, percentileDisc(age, 0.95) AS p95,
       max(age) AS oldest
ORDER BY kind
