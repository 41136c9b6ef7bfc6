// Draws an entry of the decision log, which has no number yet: what a decision changes hangs on it.
// $entry: MAP
MATCH (c:Candidate {id: $entry.candidate_id})
CREATE (d:Decision)-[:DECIDES]->(c)
SET d = $entry
