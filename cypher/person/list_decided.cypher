// Relations that decisions drew between the fragments of a view and others.
// $view_id: STRING
// $with_others: BOOLEAN, false for those within the view only
// returns: left, type, right, decision, weakened_by: LIST<STRING>, keys that a link leaned on and that are shared now
MATCH (p:Person {view_id: $view_id})-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]-(other:Person)
WHERE $with_others OR other.view_id = $view_id
WITH DISTINCT r
RETURN startNode(r).id AS left, type(r) AS type, endNode(r).id AS right, r.decision AS decision,
       coalesce(r.weakened_by, []) AS weakened_by
ORDER BY left, type, right
