// How many candidates there are.
// returns: kind, status, band, count
MATCH (c:Candidate)
RETURN c.kind AS kind, c.status AS status, c.band AS band, count(*) AS count
ORDER BY kind, status, band
