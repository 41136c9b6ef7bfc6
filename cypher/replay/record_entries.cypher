// Appends entries of the log as they were, each with its candidate where that is there. One about somebody erased has none:
// a device that came anew has the id of the old one, and so have its candidates.
// $rows: LIST<MAP> sorted by seq
UNWIND $rows AS row
CREATE (d:Decision)
SET d = row
WITH d, row WHERE row.erased IS NULL
MATCH (c:Candidate {id: row.candidate_id})
CREATE (d)-[:DECIDES]->(c)
