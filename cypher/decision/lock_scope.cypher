// Locks identifiers and persons in the order given, and reads what a decision on a candidate touches. What is to be locked
// is what is read: so it is read with nothing to lock at first, and again under the locks.
// $asked: MAP {id, of the candidate; sharing: BOOLEAN, whether the identifiers that both views hold are to become shared;
//   named: STRING or null, that one of them alone}
// $locks: MAP {identifiers: LIST<STRING> sorted, persons: LIST<STRING> sorted}
// $hub: INTEGER, holders above which nothing that a view states matters
// returns: version, left, right, decision (the entry of the log that stands for the candidate now); members: LIST<MAP {id,
//   kind, view_id, events}>, the fragments of both views; edges: LIST<MAP {type, left, right, decision}>, what decisions
//   say of pairs of them; held: LIST<STRING>, their identifiers; contested: LIST<STRING>, those that others hold too;
//   shareable: LIST<STRING>, those that would become shared; shared: LIST<STRING>, what the entry that stands calls shared,
//   and the one which it superseded did; holders: LIST<MAP {id, view_id}>, the fragments of all views that hold one of the
//   last two; neighbours: LIST<STRING>, of all that hold a contested one
CYPHER replan=skip
CALL () { UNWIND $locks.identifiers AS key MATCH (i:Identifier {key: key}) USING INDEX SEEK i:Identifier(key) SET i.kind = i.kind }
CALL () { UNWIND $locks.persons AS id MATCH (p:Person {id: id}) USING INDEX SEEK p:Person(id) SET p.kind = p.kind }
MATCH (c:Candidate {id: $asked.id})
USING INDEX SEEK c:Candidate(id)
WITH c, COLLECT {
  UNWIND [c.left, c.right] AS end MATCH (p:Person {id: end}) USING INDEX SEEK p:Person(id) RETURN DISTINCT p.view_id
} AS views
CALL (views) {
  UNWIND views AS view
  MATCH (p:Person {view_id: view})-[:HAS]->(i)
  USING INDEX SEEK p:Person(view_id)
  WITH views, i, count(DISTINCT view) AS sides
  WITH i.key AS key, sides = size(views) AS is_common, COUNT { (i)<-[:HAS]-() } AS degree
  RETURN collect(key) AS held, collect(CASE WHEN 1 < degree <= $hub THEN key END) AS contested,
         collect(CASE WHEN is_common AND $asked.sharing AND key = coalesce($asked.named, key) THEN key END) AS shareable
}
WITH c, views, held, contested, shareable, COLLECT {
  MATCH (d:Decision {id: c.decision})-[:SHARES]->(i) USING INDEX SEEK d:Decision(id) RETURN i.key
  UNION
  MATCH (d:Decision {id: c.decision}) USING INDEX SEEK d:Decision(id)
  MATCH (earlier:Decision {id: d.supersedes}) USING INDEX SEEK earlier:Decision(id)
  UNWIND earlier.identifiers AS key
  MATCH (i:Identifier {key: key}) USING INDEX SEEK i:Identifier(key) RETURN i.key
} AS shared
RETURN c.version AS version, c.left AS left, c.right AS right, c.decision AS decision, held, contested, shareable, shared,
       COLLECT {
         UNWIND views AS view MATCH (p:Person {view_id: view}) USING INDEX SEEK p:Person(view_id)
         RETURN p {.id, .kind, .view_id, events: COUNT { (p)<-[:OF]-() }}
       } AS members,
       COLLECT {
         UNWIND views AS view MATCH (p:Person {view_id: view})-[r:SAME_AS|NOT_SAME_AS]->(q) USING INDEX SEEK p:Person(view_id)
         WHERE q.view_id IN views
         RETURN {type: type(r), left: p.id, right: q.id, decision: r.decision}
       } AS edges,
       COLLECT {
         UNWIND shareable + shared AS key MATCH (i:Identifier {key: key})<-[:HAS]-(holder) USING INDEX SEEK i:Identifier(key)
         WITH DISTINCT holder.view_id AS view
         MATCH (p:Person {view_id: view}) USING INDEX SEEK p:Person(view_id) RETURN p {.id, .view_id}
       } AS holders,
       COLLECT {
         UNWIND contested AS key MATCH (i:Identifier {key: key})<-[:HAS]-(holder) USING INDEX SEEK i:Identifier(key)
         WITH DISTINCT holder.view_id AS view
         MATCH (p:Person {view_id: view}) USING INDEX SEEK p:Person(view_id) RETURN p.id
       } AS neighbours
