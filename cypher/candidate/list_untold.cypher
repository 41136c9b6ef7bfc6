// Those of these candidates that have no waterfall yet, with the views that their two sides are in now.
// $ids: LIST<STRING>
// returns: id, version, kind, model, left, right
MATCH (c:Candidate)
WHERE c.id IN $ids AND c.evidence IS NULL
MATCH (l:Person {id: c.left})
MATCH (r:Person {id: c.right})
RETURN c.id AS id, c.version AS version, c.kind AS kind, c.model AS model, l.view_id AS left, r.view_id AS right
