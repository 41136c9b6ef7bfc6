// How identifiers are used: their status, and how many known views hold each (counted up to $hub).
// $keys: LIST<STRING>
// $hub: INTEGER
// returns: key, status, holders
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
RETURN key, i.status AS status,
       CASE WHEN COUNT { (i)<-[:HAS]-() } > $hub THEN $hub + 1
       ELSE size(COLLECT { MATCH (i)<-[:HAS]-(p:Person {kind: 'known'}) RETURN DISTINCT p.view_id }) END AS holders
