// Makes candidates of persons who are there, with the second looks at them.
// $rows: LIST<MAP {candidate: MAP, reviews: LIST<MAP>}> sorted by id
UNWIND $rows AS row
MATCH (l:Person {id: row.candidate.left})
MATCH (r:Person {id: row.candidate.right})
CREATE (c:Candidate)
SET c = row.candidate
CREATE (c)-[:PAIRS]->(l)
CREATE (c)-[:PAIRS]->(r)
WITH c, row
UNWIND row.reviews AS review
CREATE (v:Review)-[:REVIEWS]->(c)
SET v = review
