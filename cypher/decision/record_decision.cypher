// Appends an entry to the decision log. Nothing ever changes it; what becomes of it is told by later entries.
// $entry: MAP
MATCH (h:Head {name: 'decisions'})
MATCH (c:Candidate {id: $entry.candidate_id})
CREATE (d:Decision)-[:DECIDES]->(c)
SET d = $entry, h.seq = $entry.seq, h.hash = $entry.hash
