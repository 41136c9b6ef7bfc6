// Views that share a blocking key or an identifier with a view, those that share most first, and so many at most. Keys
// and identifiers with too many holders are left out and counted; what is shared by many proposes nothing.
// $views: LIST<STRING>
// $most: MAP rule -> persons on a blocking key of it; keys of a rule that is no more are left out
// $hub: INTEGER, holders of an identifier
// $partners: INTEGER, partners of a view
// returns: view_id, partners: LIST<STRING>, dropped
UNWIND $views AS view
CALL (view) {
  CALL (view) {
    MATCH (p:Person {view_id: view})-[:KEYED]->(k:BlockingKey)
    WHERE COUNT { (k)<-[:KEYED]-() } <= coalesce($most[split(k.key, ':')[0]], 0)
    MATCH (k)<-[:KEYED]-(q:Person)
    RETURN q.view_id AS partner, 1 AS weight
    UNION ALL
    MATCH (p:Person {view_id: view})-[h:HAS]->(i:Identifier)
    WHERE i.status IN ['exclusive', 'suspected'] AND NOT h.ambiguous AND COUNT { (i)<-[:HAS]-() } <= $hub
    MATCH (i)<-[g:HAS]-(q:Person)
    WHERE NOT g.ambiguous AND q.kind <> 'unattributed'
    RETURN q.view_id AS partner, 1000 AS weight
  }
  WITH partner, sum(weight) AS shared
  WHERE partner <> view
  WITH partner ORDER BY shared DESC, partner LIMIT $partners
  RETURN collect(partner) AS partners
}
RETURN view AS view_id, partners,
       COUNT {
         MATCH (p:Person {view_id: view})-[:KEYED]->(k:BlockingKey)
         WHERE COUNT { (k)<-[:KEYED]-() } > coalesce($most[split(k.key, ':')[0]], 0)
       } AS dropped
