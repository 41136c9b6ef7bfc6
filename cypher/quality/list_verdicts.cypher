// How decided pairs were decided, by kind and by the band that was decided on.
// returns: kind, band, verdict, count
MATCH (c:Candidate)
WHERE c.status = 'decided' AND c.kind IN ['person', 'device']
RETURN c.kind AS kind, c.band AS band, c.verdict AS verdict, count(*) AS count
ORDER BY kind, band, verdict
