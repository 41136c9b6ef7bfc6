// What the fragments of views stated.
// $views: LIST<STRING>
// returns: id, view_id, kind, stated: MAP, accounts: LIST<STRING>, none
UNWIND $views AS view
MATCH (p:Person {view_id: view})
RETURN p.id AS id, p.view_id AS view_id, p.kind AS kind, properties(p) AS stated, [] AS accounts
ORDER BY id
