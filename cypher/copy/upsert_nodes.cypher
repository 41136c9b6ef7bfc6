// Writes nodes of a label into the copy, each as it is now.
// $label: STRING
// $rows: LIST<MAP {id, properties: MAP}>
UNWIND $rows AS row
MERGE (n:$($label) {id: row.id})
SET n = row.properties
