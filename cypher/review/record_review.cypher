// Keeps what somebody said who looked again at what was decided. It is of no effect on anybody.
// $candidate_id: STRING
// $review: MAP
MATCH (c:Candidate {id: $candidate_id})
CREATE (r:Review)-[:REVIEWS]->(c)
SET r = $review
