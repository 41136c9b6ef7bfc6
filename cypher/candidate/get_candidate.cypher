// One candidate with its frozen evidence.
// $id: STRING
// returns: id, kind, status, left, right, p_same, p_household, bits_stranger, bits_household, band, proposed_as, value, propensity, version,
//   evidence, claimed_by, claimed_by_name, claimed_until, created_at, updated_at, reopened (JSON: why), reopened_at, model, verdict, decision (of effect), pending (decision
//   that a second person must confirm), weakened_by: LIST<STRING> (keys that the link leaned on and that are shared now, entries by which it is to be looked at),
//   history: LIST<MAP {id, entry, verdict, reason, note, actor, at}>, newest first
MATCH (c:Candidate {id: $id})
RETURN c.id AS id, c.kind AS kind, CASE WHEN c.status = 'open' AND c.reopened IS NOT NULL THEN 'reopened' ELSE c.status END AS status, c.left AS left, c.right AS right, c.p_same AS p_same,
       c.p_household AS p_household, c.bits_stranger AS bits_stranger, c.bits_household AS bits_household,
       c.band AS band, c.proposed_as AS proposed_as, c.value AS value, c.propensity AS propensity, c.version AS version, c.evidence AS evidence, c.claimed_by AS claimed_by,
       CASE WHEN c.claimed_by IS NOT NULL THEN c.claimed_by_name END AS claimed_by_name,
       toString(c.claimed_until) AS claimed_until, toString(c.created_at) AS created_at,
       toString(c.updated_at) AS updated_at, c.reopened AS reopened, toString(c.reopened_at) AS reopened_at, c.model AS model, c.verdict AS verdict, c.decision AS decision,
       CASE WHEN c.status = 'awaiting' THEN head(COLLECT {
         MATCH (d:Decision {entry: 'decision'})-[:DECIDES]->(c) RETURN d.id ORDER BY d.seq DESC LIMIT 1
       }) END AS pending,
       coalesce(head(COLLECT {
         MATCH (:Person {id: c.left})-[r:SAME_AS {decision: c.decision}]-(:Person {id: c.right}) RETURN r.weakened_by
       }), []) AS weakened_by,
       COLLECT {
         MATCH (d:Decision)-[:DECIDES]->(c)
         RETURN {id: d.id, entry: d.entry, verdict: d.verdict, reason: d.reason, note: d.note, actor: d.actor_name, at: d.at}
         ORDER BY d.seq DESC LIMIT 20
       } AS history
