// Those of these candidates that have no waterfall yet, with the views that their two sides are in now.
// $ids: LIST<STRING>
// returns: id, version, kind, model, band, proposed_as, ends: LIST<STRING>, the persons of the two sides; left, right, their views
MATCH (c:Candidate)
WHERE c.id IN $ids AND c.evidence IS NULL
MATCH (l:Person {id: c.left})
MATCH (r:Person {id: c.right})
RETURN c.id AS id, c.version AS version, c.kind AS kind, c.model AS model, c.band AS band, c.proposed_as AS proposed_as,
       [c.left, c.right] AS ends, l.view_id AS left, r.view_id AS right
