// Identifiers of views that others hold too: what views state decides how these stand.
// $views: LIST<STRING>
// $known: LIST<STRING>, keys that need not be told
// $hub: INTEGER, holders above which nothing that a view states matters
// returns: key
UNWIND $views AS view
MATCH (p:Person {view_id: view})-[:HAS]->(i:Identifier)
WHERE 1 < COUNT { (i)<-[:HAS]-() } <= $hub AND NOT i.key IN $known
RETURN DISTINCT i.key AS key
ORDER BY key
