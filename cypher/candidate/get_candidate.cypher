// One candidate with its frozen evidence.
// $id: STRING
// returns: id, kind, status, left, right, p_same, p_household, bits_stranger, bits_household, band, value, version,
//   evidence, claimed_by, claimed_until, created_at, updated_at, model
MATCH (c:Candidate {id: $id})
RETURN c.id AS id, c.kind AS kind, c.status AS status, c.left AS left, c.right AS right, c.p_same AS p_same,
       c.p_household AS p_household, c.bits_stranger AS bits_stranger, c.bits_household AS bits_household,
       c.band AS band, c.value AS value, c.version AS version, c.evidence AS evidence, c.claimed_by AS claimed_by,
       toString(c.claimed_until) AS claimed_until, toString(c.created_at) AS created_at,
       toString(c.updated_at) AS updated_at, c.model AS model
