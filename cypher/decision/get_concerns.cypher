// What may call for a second person before two views are joined: how many entries by which others kept a person of one apart
// from one of the other this human took back or replaced; and what both said of consent.
// $left: LIST<STRING>, fragments of the one
// $right: LIST<STRING>, fragments of the other
// $actor: STRING, the key that the human uses
// $human: STRING
// returns: lifted; consents: LIST<MAP {event_id, person_id, type, properties, occurred_at}>
CYPHER replan=skip
CALL () {
  MATCH (p:Person)<-[:PAIRS]-(c)-[:PAIRS]->(q)
  USING INDEX SEEK p:Person(id)
  WHERE p.id IN $left AND q.id IN $right
  WITH DISTINCT c
  MATCH (c)<-[:DECIDES]-(d)<-[:SUPERSEDES]-(by)
  WHERE (d.keep_apart OR d.verdict IN ['different', 'household', 'shared_identifier'])
    AND d.actor <> $actor AND toLower(coalesce(d.holder, d.actor)) <> $human
    AND (by.actor = $actor OR toLower(coalesce(by.holder, by.actor)) = $human)
  RETURN count(DISTINCT d) AS lifted
}
RETURN lifted, COLLECT {
  MATCH (p:Person)<-[:OF]-(e)
  USING INDEX SEEK p:Person(id)
  WHERE p.id IN $left + $right AND e.type IN ['consent.granted', 'consent.withdrawn']
  RETURN e {event_id: e.id, person_id: p.id, .type, .properties, .occurred_at}
} AS consents
