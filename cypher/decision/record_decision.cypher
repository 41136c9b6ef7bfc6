// Draws an entry of the decision log, which has no number yet, and its effects between its two persons. In the name of the
// entry of effect (itself, or the one that it confirms) relationships are drawn and identifiers are called shared; what
// another entry drew and called shared is gone, whose place it takes.
// $entry: MAP
// $effect: MAP {by, the entry of effect; undone: STRING or null, the one whose place it takes; draws: LIST<STRING>, types of
//   relationships; shares: LIST<STRING> sorted, keys}
CYPHER replan=skip
MATCH (c:Candidate {id: $entry.candidate_id})
USING INDEX SEEK c:Candidate(id)
MATCH (l:Person {id: $entry.left})
USING INDEX SEEK l:Person(id)
MATCH (r:Person {id: $entry.right})
USING INDEX SEEK r:Person(id)
CREATE (d:Decision)-[:DECIDES]->(c)
SET d = $entry
WITH l, r, d
CALL (d) {
  MATCH (confirmed:Decision {id: $entry.confirms})
  USING INDEX SEEK confirmed:Decision(id)
  CREATE (d)-[:CONFIRMS]->(confirmed)
}
CALL (l, r) {
  MATCH (l)-[gone:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF {decision: $effect.undone}]-(r)
  DELETE gone
}
CALL (l, r) {
  FOREACH (_ IN CASE WHEN 'SAME_AS' IN $effect.draws THEN [1] END | CREATE (l)-[:SAME_AS {decision: $effect.by}]->(r))
  FOREACH (_ IN CASE WHEN 'NOT_SAME_AS' IN $effect.draws THEN [1] END | CREATE (l)-[:NOT_SAME_AS {decision: $effect.by}]->(r))
  FOREACH (_ IN CASE WHEN 'HOUSEHOLD_OF' IN $effect.draws THEN [1] END | CREATE (l)-[:HOUSEHOLD_OF {decision: $effect.by}]->(r))
}
CALL () {
  MATCH (undone:Decision {id: $effect.undone})
  USING INDEX SEEK undone:Decision(id)
  MATCH (by:Decision {id: $effect.by})
  USING INDEX SEEK by:Decision(id)
  MERGE (by)-[:SUPERSEDES]->(undone)
  WITH undone
  MATCH (undone)-[gone:SHARES]->()
  DELETE gone
}
CALL () {
  UNWIND $effect.shares AS key
  MATCH (by:Decision {id: $effect.by})
  USING INDEX SEEK by:Decision(id)
  MATCH (i:Identifier {key: key})
  USING INDEX SEEK i:Identifier(key)
  CREATE (by)-[:SHARES]->(i)
}
