// Decisions that took effect, and how many of them were taken back or replaced since.
// returns: verdict, decisions, overturned
MATCH (d:Decision {entry: 'decision'})
WHERE d.concerns = [] OR EXISTS { (:Decision)-[:CONFIRMS]->(d) }
RETURN d.verdict AS verdict, count(d) AS decisions,
       sum(CASE WHEN EXISTS { (:Decision)-[:SUPERSEDES]->(d) } THEN 1 ELSE 0 END) AS overturned
ORDER BY verdict
