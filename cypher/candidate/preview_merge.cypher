// What one view would hold if the two views of a candidate were joined.
// $id: STRING
// returns: fragments, events, identifiers, campaigns: LIST<STRING>
MATCH (c:Candidate {id: $id})-[:PAIRS]->(end:Person)
WITH DISTINCT end.view_id AS view
MATCH (p:Person {view_id: view})
WITH collect(p) AS persons, sum(COUNT { (p)<-[:OF]-() }) AS events
CALL (persons) {
  UNWIND persons AS p
  MATCH (p)-[:HAS]->(i:Identifier)
  RETURN count(DISTINCT i) AS identifiers
}
CALL (persons) {
  UNWIND persons AS p
  MATCH (p)<-[:OF]-(e:Event)
  WHERE e.target_id IS NOT NULL
  WITH DISTINCT e.target_id AS target_id ORDER BY target_id LIMIT 100
  RETURN collect(target_id) AS campaigns
}
RETURN size(persons) AS fragments, events, identifiers, campaigns
