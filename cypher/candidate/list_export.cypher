// A page of all person candidates at or above a probability, with an account of either side; what was superseded is gone.
// $min_p: FLOAT
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: id, left, right, left_user_id, right_user_id, p_same, p_household, band, status
MATCH (c:Candidate)
WHERE c.id > $after AND c.kind = 'person' AND c.status <> 'superseded' AND c.p_same >= $min_p
WITH c ORDER BY c.id LIMIT $limit
RETURN c.id AS id, c.left AS left, c.right AS right,
       head(COLLECT { MATCH (:Person {id: c.left})-[:HAS]->(i:Identifier {kind: 'user_id'}) RETURN i.value ORDER BY i.value })
         AS left_user_id,
       head(COLLECT { MATCH (:Person {id: c.right})-[:HAS]->(i:Identifier {kind: 'user_id'}) RETURN i.value ORDER BY i.value })
         AS right_user_id,
       c.p_same AS p_same, c.p_household AS p_household, c.band AS band, c.status AS status
ORDER BY id
