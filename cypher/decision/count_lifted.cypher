// Entries by which others kept a person of one view apart from one of another, and which this human took back or replaced.
// $left: LIST<STRING>, fragments of the one
// $right: LIST<STRING>, fragments of the other
// $actor: STRING, the key that the human uses
// $human: STRING
// returns: lifted
MATCH (p:Person)<-[:PAIRS]-(c:Candidate)-[:PAIRS]->(q:Person)
WHERE p.id IN $left AND q.id IN $right
WITH DISTINCT c
MATCH (c)<-[:DECIDES]-(d:Decision)<-[:SUPERSEDES]-(by:Decision)
WHERE (d.keep_apart OR d.verdict IN ['different', 'household', 'shared_identifier'])
  AND d.actor <> $actor AND toLower(coalesce(d.holder, d.actor)) <> $human
  AND (by.actor = $actor OR toLower(coalesce(by.holder, by.actor)) = $human)
RETURN count(DISTINCT d) AS lifted
