// Puts decided candidates back into the queue, with new evidence and the reason; the decision stays of effect until
// another one takes its place. What is above the bar by now would be asked in any case, however it had come to be asked before.
// $rows: LIST<MAP {id, decision, reopened, p_same, p_household, bits_stranger, bits_household, band, proposed_as, value,
//   groups, model, evidence}> sorted by id
// $at: ZONED DATETIME
// returns: reopened
UNWIND $rows AS row
MATCH (c:Candidate {id: row.id})
SET c.kind = c.kind
WITH c, row
WHERE c.status = 'decided' AND c.decision = row.decision
MATCH (l:Person {id: c.left})
MATCH (r:Person {id: c.right})
WITH c, row, COUNT { (:Person {view_id: l.view_id})<-[:OF]-() } AS ours,
     COUNT { (:Person {view_id: r.view_id})<-[:OF]-() } AS theirs
SET c.status = 'open', c.reopened = row.reopened, c.reopened_at = $at, c.p_same = row.p_same,
    c.p_household = row.p_household, c.bits_stranger = row.bits_stranger, c.bits_household = row.bits_household,
    c.band = row.band, c.proposed_as = row.proposed_as, c.value = row.value * log10(10 + CASE WHEN ours < theirs THEN ours ELSE theirs END), c.groups = row.groups,
    c.model = row.model, c.propensity = CASE WHEN row.band = '-' THEN c.propensity ELSE 1.0 END,
    c.evidence = row.evidence, c.version = c.version + 1, c.updated_at = $at
RETURN count(c) AS reopened
