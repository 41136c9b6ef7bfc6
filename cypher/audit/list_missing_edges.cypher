// I6: decisions of effect of which something that they drew is not there exactly once: an edge between the two, or that
// an identifier is shared. What was said of somebody erased is of none: a device that came anew has the id of the old one.
// $limit: INTEGER
// returns: id
MATCH (d:Decision)
WHERE d.erased IS NULL AND NOT EXISTS { (d)<-[:SUPERSEDES]-(:Decision) }
  AND (d.concerns = [] OR EXISTS { (:Decision)-[:CONFIRMS]->(d) })
WITH d, CASE
  WHEN d.keeps IS NOT NULL THEN d.keeps
  WHEN d.entry = 'decision' THEN d.verdict
  WHEN d.entry = 'retraction' AND d.keep_apart THEN 'different'
END AS said
WITH d, said, CASE
  WHEN said = 'same' THEN ['SAME_AS']
  WHEN said = 'household' THEN ['NOT_SAME_AS', 'HOUSEHOLD_OF']
  WHEN said IN ['different', 'shared_identifier'] THEN ['NOT_SAME_AS']
END AS drawn
WHERE drawn IS NOT NULL
MATCH (l:Person {id: d.left})
MATCH (q:Person {id: d.right})
CALL (d, said, drawn, l, q) {
  UNWIND drawn AS lost
  WITH lost
  WHERE COUNT { (l)-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF]-(q) WHERE r.decision = d.id AND type(r) = lost } <> 1
  RETURN lost
  UNION
  WITH CASE said WHEN 'shared_identifier' THEN coalesce(d.identifiers, []) ELSE [] END AS keys
  UNWIND keys AS lost
  MATCH (i:Identifier {key: lost})
  WHERE COUNT { (d)-[:SHARES]->(i) } <> 1
  RETURN lost
}
RETURN DISTINCT d.id AS id
ORDER BY id LIMIT $limit
