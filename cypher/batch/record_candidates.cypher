// Writes candidates of pairs that had none. A pair that somebody has made one of meanwhile is left to them: they knew
// more. `value` is whole here: the events of the views were counted when these were read.
// $rows: LIST<MAP {id, kind, left, right, status, p_same, p_household, bits_stranger, bits_household, band, proposed_as,
//   groups, value, model, propensity, evidence}> sorted by id; propensity is null where nobody is asked
// $at: ZONED DATETIME
// returns: made: LIST<STRING>, the ids of those that were written
UNWIND $rows AS row
MATCH (l:Person {id: row.left})
MATCH (r:Person {id: row.right})
WITH row, l, r
WHERE l.view_id = row.left AND r.view_id = row.right AND NOT EXISTS { (:Candidate {id: row.id}) }
CREATE (c:Candidate {
  id: row.id, kind: row.kind, left: row.left, right: row.right, status: row.status, p_same: row.p_same,
  p_household: row.p_household, bits_stranger: row.bits_stranger, bits_household: row.bits_household, band: row.band,
  proposed_as: row.proposed_as, groups: row.groups, value: row.value, model: row.model, propensity: row.propensity,
  evidence: row.evidence, version: 1, created_at: $at, updated_at: $at
})
CREATE (c)-[:PAIRS]->(l)
CREATE (c)-[:PAIRS]->(r)
RETURN collect(c.id) AS made
