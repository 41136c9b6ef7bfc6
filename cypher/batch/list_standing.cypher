// All candidates as they stand, a page at a time.
// $after: STRING, the last id of the page before, '' at first
// $limit: INTEGER
// returns: found: LIST<LIST [id, version, status, decision, model, band, bits_stranger, bits_household]>
MATCH (c:Candidate)
WHERE c.id > $after
WITH c ORDER BY c.id LIMIT $limit
RETURN collect([c.id, c.version, c.status, c.decision, c.model, c.band, c.bits_stranger, c.bits_household]) AS found
