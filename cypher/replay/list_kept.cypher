// A page of nodes of a label, as they are.
// $label: STRING
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: ref, label, properties: MAP
MATCH (n:$($label))
WHERE elementId(n) > $after
WITH n ORDER BY elementId(n) LIMIT $limit
RETURN elementId(n) AS ref, $label AS label, properties(n) AS properties
ORDER BY ref
