// Of these nodes, which hung on events or persons once, those that hang on none any more are gone.
// $nodes: LIST<STRING>
UNWIND $nodes AS node
MATCH (n)
WHERE elementId(n) = node AND NOT EXISTS { (n)--(:Event) } AND NOT EXISTS { (n)--(:Person) }
DETACH DELETE n
