// Appends entries of the log as they were, each with its candidate where that is there.
// $rows: LIST<MAP> sorted by seq
UNWIND $rows AS row
CREATE (d:Decision)
SET d = row
WITH d, row
MATCH (c:Candidate {id: row.candidate_id})
CREATE (d)-[:DECIDES]->(c)
