// Candidates as a list shows them, with a name and an identifier of either side; in no order.
// $ids: LIST<STRING>
// returns: id, kind, status, left, right, p_same, p_household, bits_stranger, bits_household, band, proposed_as, value, groups,
//   version, claimed_by, claimed_by_name, claimed_until, created_at, updated_at, reopened_at, model, verdict, decision, left_name,
//   left_identifier, right_name, right_identifier
// It may be planned while the graph is empty and used when it is not, so it says what to start from.
UNWIND $ids AS id
MATCH (c:Candidate {id: id})
USING INDEX SEEK c:Candidate(id)
MATCH (l:Person {id: c.left})
USING INDEX SEEK l:Person(id)
MATCH (r:Person {id: c.right})
USING INDEX SEEK r:Person(id)
RETURN c.id AS id, c.kind AS kind,
       CASE WHEN c.status = 'open' AND c.reopened IS NOT NULL THEN 'reopened' ELSE c.status END AS status,
       c.left AS left, c.right AS right, c.p_same AS p_same, c.p_household AS p_household,
       c.bits_stranger AS bits_stranger, c.bits_household AS bits_household, c.band AS band,
       c.proposed_as AS proposed_as, c.value AS value, coalesce(c.groups, []) AS groups, c.version AS version,
       c.claimed_by AS claimed_by,
       CASE WHEN c.claimed_by IS NOT NULL THEN c.claimed_by_name END AS claimed_by_name, toString(c.claimed_until) AS claimed_until, toString(c.created_at) AS created_at,
       toString(c.updated_at) AS updated_at, toString(c.reopened_at) AS reopened_at, c.model AS model,
       c.verdict AS verdict, c.decision AS decision,
       coalesce(head(l.given_names) + ' ' + head(l.family_names), head(l.full_names), head(l.family_names),
                head(l.given_names)) AS left_name,
       head(COLLECT { MATCH (l)-[:HAS]->(i) RETURN i.value ORDER BY i.kind IN ['session', 'cookie'], i.key LIMIT 1 })
         AS left_identifier,
       coalesce(head(r.given_names) + ' ' + head(r.family_names), head(r.full_names), head(r.family_names),
                head(r.given_names)) AS right_name,
       head(COLLECT { MATCH (r)-[:HAS]->(i) RETURN i.value ORDER BY i.kind IN ['session', 'cookie'], i.key LIMIT 1 })
         AS right_identifier
