// Views that share a blocking key or an identifier with a view. Keys and identifiers with too many holders are left
// out and counted; what is shared by many proposes nothing.
// $views: LIST<STRING>
// $most: INTEGER, persons on a blocking key
// $hub: INTEGER, holders of an identifier
// returns: view_id, partners: LIST<STRING>, dropped
UNWIND $views AS view
CALL (view) {
  MATCH (p:Person {view_id: view})-[:KEYED]->(k:BlockingKey)
  WHERE COUNT { (k)<-[:KEYED]-() } <= $most
  MATCH (k)<-[:KEYED]-(q:Person)
  RETURN q
  UNION
  MATCH (p:Person {view_id: view})-[h:HAS]->(i:Identifier)
  WHERE i.status IN ['exclusive', 'suspected'] AND NOT h.ambiguous AND COUNT { (i)<-[:HAS]-() } <= $hub
  MATCH (i)<-[g:HAS]-(q:Person)
  WHERE NOT g.ambiguous AND q.kind <> 'unattributed'
  RETURN q
}
WITH view, collect(DISTINCT q.view_id) AS partners
RETURN view AS view_id, [partner IN partners WHERE partner <> view] AS partners,
       COUNT {
         MATCH (p:Person {view_id: view})-[:KEYED]->(k:BlockingKey)
         WHERE COUNT { (k)<-[:KEYED]-() } > $most
       } AS dropped
