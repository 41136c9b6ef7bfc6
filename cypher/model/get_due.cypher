// The live model while something that its promotion asked for is not done.
// returns: name, compared_to (null: late links are flagged), promotion
MATCH (m:Model {status: 'live'})
WHERE m.marked_to IS NOT NULL
RETURN m.name AS name, m.compared_to AS compared_to, m.promotion AS promotion
