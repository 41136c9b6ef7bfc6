// Attaches evidence to the events that were recorded with it.
// $rows: LIST<MAP {event_id, sha256}>
// returns: attached (so many of the rows are; of the others there is no evidence)
UNWIND $rows AS row
MATCH (e:Event {id: row.event_id})
MATCH (v:Evidence {sha256: row.sha256})
MERGE (e)-[:EVIDENCED_BY]->(v)
RETURN count(*) AS attached
