// Relates nodes to each other as they were; to one that is not there, not.
// $rows: LIST<MAP {node, type, is_out, other, label, key, properties}>; other is a node, or null where label and key tell
UNWIND $rows AS row
MATCH (n) WHERE elementId(n) = row.node
CALL (row) {
  WITH row WHERE row.other IS NOT NULL
  MATCH (m) WHERE elementId(m) = row.other
  RETURN m
  UNION
  WITH row WHERE row.label = 'Event'
  MATCH (m:Event {id: row.key})
  RETURN m
  UNION
  WITH row WHERE row.label = 'Person'
  MATCH (m:Person {id: row.key})
  RETURN m
  UNION
  WITH row WHERE row.label = 'Identifier'
  MATCH (m:Identifier {key: row.key})
  RETURN m
  UNION
  WITH row WHERE row.label = 'Candidate'
  MATCH (m:Candidate {id: row.key})
  RETURN m
  UNION
  WITH row WHERE row.label = 'Decision'
  MATCH (m:Decision {id: row.key})
  RETURN m
}
WITH row, CASE WHEN row.is_out THEN n ELSE m END AS start, CASE WHEN row.is_out THEN m ELSE n END AS end
CREATE (start)-[r:$(row.type)]->(end)
SET r = row.properties
