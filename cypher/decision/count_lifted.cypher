// Entries by which others kept the pair of a candidate apart, and which this human took back or replaced.
// $id: STRING, of the candidate
// $actor: STRING, the key that the human uses
// $human: STRING
// returns: lifted
MATCH (c:Candidate {id: $id})<-[:DECIDES]-(d:Decision)<-[:SUPERSEDES]-(by:Decision)
WHERE (d.keep_apart OR d.verdict IN ['different', 'household', 'shared_identifier'])
  AND d.actor <> $actor AND toLower(coalesce(d.holder, d.actor)) <> $human
  AND (by.actor = $actor OR toLower(coalesce(by.holder, by.actor)) = $human)
RETURN count(d) AS lifted
