// Makes nodes as they were.
// $rows: LIST<MAP {ref, label, properties}>
// returns: ref, node
UNWIND $rows AS row
CREATE (n:$(row.label))
SET n = row.properties
RETURN row.ref AS ref, elementId(n) AS node
