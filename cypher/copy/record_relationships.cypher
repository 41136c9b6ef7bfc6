// Writes relationships of a type between nodes of two labels into the copy; an end that is not there leaves it out.
// $type: STRING
// $start: STRING, label
// $end: STRING, label
// $rows: LIST<MAP {start, end, properties: MAP}>
UNWIND $rows AS row
MATCH (a:$($start) {id: row.start})
MATCH (b:$($end) {id: row.end})
CREATE (a)-[r:$($type)]->(b)
SET r = row.properties
