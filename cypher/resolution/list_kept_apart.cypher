// Views that a decision keeps apart from a view.
// $views: LIST<STRING>
// returns: view_id, apart: LIST<STRING>
UNWIND $views AS view
MATCH (p:Person {view_id: view})-[:NOT_SAME_AS]-(q:Person)
RETURN view AS view_id, collect(DISTINCT q.view_id) AS apart
