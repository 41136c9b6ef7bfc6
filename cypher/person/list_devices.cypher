// Devices that may be a view's: pairs of a device and a fragment of it that nobody has decided, likeliest first.
// $view_id: STRING
// $limit: INTEGER
// returns: person_id, candidate_id, p_same, band, status, first_seen, last_seen, events
MATCH (p:Person {view_id: $view_id})<-[:PAIRS]-(c:Candidate {kind: 'device'})
WHERE c.status IN ['open', 'claimed', 'stored', 'awaiting']
MATCH (c)-[:PAIRS]->(d:Person)
WHERE d.id = c.right AND d.view_id <> $view_id
WITH d, c ORDER BY c.p_same DESC, d.id LIMIT $limit
CALL (d) {
  MATCH (d)-[h:HAS]->(:Identifier)
  RETURN min(h.first_seen) AS first_seen, max(h.last_seen) AS last_seen
}
RETURN d.id AS person_id, c.id AS candidate_id, c.p_same AS p_same, c.band AS band,
       CASE WHEN c.status = 'open' AND c.reopened IS NOT NULL THEN 'reopened' ELSE c.status END AS status,
       toString(first_seen) AS first_seen, toString(last_seen) AS last_seen, COUNT { (d)<-[:OF]-() } AS events
ORDER BY p_same DESC, person_id
