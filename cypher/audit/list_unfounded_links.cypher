// I1: links that no human's decision of effect stands behind; a second human's confirmation too, where one was due:
// another key of the same holder is not a second human.
// $limit: INTEGER
// returns: id
MATCH (l:Person)-[r:SAME_AS]->(q:Person)
WHERE NOT EXISTS {
  (d:Decision {id: r.decision})
  WHERE d.entry = 'decision' AND d.verdict = 'same' AND d.actor IS NOT NULL AND d.actor_role = 'specialist'
    AND d.left IN [l.id, q.id] AND d.right IN [l.id, q.id]
    AND (d.concerns = [] OR EXISTS {
      (k:Decision)-[:CONFIRMS]->(d)
      WHERE k.actor <> d.actor AND toLower(coalesce(k.holder, k.actor)) <> toLower(coalesce(d.holder, d.actor))
        AND k.actor_role = 'specialist' AND k.confirms = d.id
    })
}
RETURN l.id + ' = ' + q.id AS id
ORDER BY id LIMIT $limit
