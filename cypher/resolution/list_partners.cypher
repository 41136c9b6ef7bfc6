// Views that share a blocking key or an identifier with a view, and so many at most: those of a common identifier
// first, then those whose common keys are rarest. A key or identifier with too many holders is counted by its degree
// and never walked, and of many keys the rarest are: what is read of a view is bounded, whoever it is.
// $views: LIST<STRING>
// $most: MAP rule -> persons on a blocking key of it; keys of a rule that is no more are left out
// $keys: INTEGER, blocking keys of a view that are walked
// $hub: INTEGER, holders of an identifier
// $likely: INTEGER, partners of a view
// $partners: INTEGER, partners of a view when so many share an identifier with it
// returns: view_id, partners: LIST<STRING>, is_cut, dropped: LIST<STRING>, the keys that were not walked,
//   apart: LIST<STRING>, views that a decision keeps apart from it, standing: LIST<MAP {id, version}>, its candidates that
//   nobody decided, as they were before its partners were looked for, verdicts: whether a verdict about somebody erased
//   is remembered
CYPHER replan=skip
UNWIND $views AS view
CALL (view) {
  MATCH (p:Person {view_id: view})<-[:PAIRS]-(c)
  USING INDEX SEEK p:Person(view_id)
  WHERE c.status IN ['open', 'claimed', 'stored'] AND c.decision IS NULL
  RETURN collect(DISTINCT {id: c.id, version: c.version}) AS standing
}
CALL (view) {
  MATCH (p:Person {view_id: view})-[:KEYED]->(k)
  USING INDEX SEEK p:Person(view_id)
  WITH DISTINCT k, COUNT { (k)<-[:KEYED]-() } AS degree, coalesce($most[split(k.key, ':')[0]], 0) AS most
  ORDER BY degree > most, degree, k.key
  RETURN collect({key: k, degree: degree, is_common: degree > most}) AS keys
}
WITH view, standing, keys, size([one IN keys WHERE NOT one.is_common][..$keys]) AS walked
CALL (view, keys, walked) {
  CALL (view, keys, walked) {
    UNWIND keys[..walked] AS one
    WITH one.key AS k, one.degree AS degree
    MATCH (k)<-[:KEYED]-(q)
    RETURN q.view_id AS partner, 1.0 / degree AS weight
    UNION ALL
    MATCH (p:Person {view_id: view})-[h:HAS]->(i)
    USING INDEX SEEK p:Person(view_id)
    WHERE i.status IN ['exclusive', 'suspected'] AND NOT h.ambiguous AND COUNT { (i)<-[:HAS]-() } <= $hub
    MATCH (i)<-[g:HAS]-(q)
    WHERE NOT g.ambiguous AND q.kind <> 'unattributed'
    RETURN q.view_id AS partner, 1000.0 AS weight
  }
  WITH partner, sum(weight) AS shared
  WHERE partner <> view
  WITH partner, shared ORDER BY shared DESC, partner
  WITH collect(partner) AS ranked, sum(CASE WHEN shared >= 1000 THEN 1 ELSE 0 END) AS known
  RETURN ranked[..CASE WHEN known < $likely THEN $likely WHEN known > $partners THEN $partners ELSE known END] AS partners,
         size(ranked) AS found
}
RETURN view AS view_id, partners, standing, found > size(partners) AS is_cut, [one IN keys[walked..] | one.key.key] AS dropped,
       COLLECT {
         MATCH (p:Person {view_id: view})-[:NOT_SAME_AS]-(q)
         USING INDEX SEEK p:Person(view_id)
         RETURN DISTINCT q.view_id
       } AS apart,
       EXISTS { MATCH (h:Head {name: 'seal'}) WHERE h.verdicts > 0 } AS verdicts
