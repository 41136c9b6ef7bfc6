// Whose devices wait for a decision: the known views behind the most valuable device pairs, with these pairs.
// $looked_at: INTEGER, pairs
// $limit: INTEGER, persons
// returns: person_id, name, pairs, value, ids: LIST<STRING>, most valuable first
MATCH (c:Candidate)
USING INDEX c:Candidate(status, kind, value, id)
WHERE c.status = 'open' AND c.kind = 'device' AND c.value <= 1e300 AND c.id IS NOT NULL
WITH c ORDER BY c.status DESC, c.kind DESC, c.value DESC, c.id DESC LIMIT $looked_at
WITH c.left AS person_id, collect(c.id) AS ids, max(c.value) AS value
ORDER BY size(ids) DESC, value DESC, person_id LIMIT $limit
MATCH (p:Person {id: person_id})
RETURN p.view_id AS person_id,
       coalesce(head(p.given_names) + ' ' + head(p.family_names), head(p.full_names), head(p.family_names),
                head(p.given_names)) AS name, size(ids) AS pairs, value, ids[..200] AS ids
ORDER BY pairs DESC, value DESC, person_id
