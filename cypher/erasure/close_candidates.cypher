// Candidates, and the second looks at them, are gone.
// $ids: LIST<STRING>
UNWIND $ids AS id
MATCH (c:Candidate {id: id})
OPTIONAL MATCH (c)<-[:REVIEWS]-(r:Review)
DETACH DELETE r, c
