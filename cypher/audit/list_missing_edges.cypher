// I6: decisions of effect whose edge is not there exactly once.
// $limit: INTEGER
// returns: id
MATCH (d:Decision)
WHERE NOT EXISTS { (d)<-[:SUPERSEDES]-(:Decision) }
  AND (d.concerns = [] OR EXISTS { (:Decision)-[:CONFIRMS]->(d) })
WITH d, CASE
  WHEN d.entry = 'decision' AND d.verdict = 'same' THEN 'SAME_AS'
  WHEN d.entry = 'decision' AND d.verdict IN ['different', 'household', 'shared_identifier'] THEN 'NOT_SAME_AS'
  WHEN d.entry = 'retraction' AND d.keep_apart THEN 'NOT_SAME_AS'
END AS drawn
WHERE drawn IS NOT NULL
MATCH (l:Person {id: d.left})
MATCH (q:Person {id: d.right})
WHERE COUNT { (l)-[r:SAME_AS|NOT_SAME_AS]-(q) WHERE r.decision = d.id AND type(r) = drawn } <> 1
RETURN d.id AS id
ORDER BY id LIMIT $limit
