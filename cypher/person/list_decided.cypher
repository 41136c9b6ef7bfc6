// Relations that decisions drew between persons and others.
// $persons: LIST<STRING>
// $with_others: BOOLEAN, false for those among them only
// returns: left, type, right, decision, weakened_by: LIST<STRING>, keys that a link leaned on and that are shared now
MATCH (p:Person)-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]-(other:Person)
WHERE p.id IN $persons AND ($with_others OR other.id IN $persons)
WITH DISTINCT r
RETURN startNode(r).id AS left, type(r) AS type, endNode(r).id AS right, r.decision AS decision,
       coalesce(r.weakened_by, []) AS weakened_by
ORDER BY left, type, right
