// A page of what decisions drew between persons.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: key, left, right, decision
MATCH (l:Person)-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]->(q:Person)
WITH r.decision + ' ' + type(r) AS key, l.id AS left, q.id AS right, r.decision AS decision
WHERE key > $after
RETURN key, left, right, decision
ORDER BY key LIMIT $limit
