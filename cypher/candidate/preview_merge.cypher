// What one view would hold if the two views of a candidate were joined.
// $id: STRING
// returns: fragments, events, identifiers, campaigns: LIST<STRING>
MATCH (c:Candidate {id: $id})-[:PAIRS]->(end:Person)
WITH DISTINCT end.view_id AS view
MATCH (p:Person {view_id: view})
WITH collect(p) AS persons
RETURN size(persons) AS fragments,
       COUNT { MATCH (e:Event)-[:OF]->(p:Person) WHERE p IN persons } AS events,
       size(COLLECT { MATCH (p:Person)-[:HAS]->(i:Identifier) WHERE p IN persons RETURN DISTINCT i.key }) AS identifiers,
       COLLECT {
         MATCH (e:Event)-[:OF]->(p:Person) WHERE p IN persons AND e.target_id IS NOT NULL
         RETURN DISTINCT e.target_id ORDER BY e.target_id LIMIT 100
       } AS campaigns
