// How the queue of candidates stands: how many by kind, band and status, how old, and how likely one person.
// $kind: STRING, person or device; null is both; default null
// returns: kind, band, status, pairs, oldest, median_hours, mean_p_same
MATCH (c:Candidate)
WHERE c.status IN ['open', 'claimed'] AND ($kind IS NULL OR c.kind = $kind)
WITH c, duration.inSeconds(c.created_at, datetime()).seconds / 3600.0 AS hours
RETURN c.kind AS kind, c.band AS band, c.status AS status, count(*) AS pairs, min(c.created_at) AS oldest,
       round(percentileCont(hours, 0.5), 1) AS median_hours, round(avg(c.p_same), 3) AS mean_p_same
ORDER BY kind, band, status
