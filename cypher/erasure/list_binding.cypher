// To whom cookies and sessions were bound last, by the events that are there, in the order in which they came; null: to
// nobody, for nothing binds them, or a session ended since. Events that an erasure has yet to take say nothing.
// $keys: LIST<STRING>
// $ends: LIST<STRING>, last parts of a type of event that ends a session
// $ends_of_session: LIST<STRING>, last parts that do so after `session.`
// returns: key, person_id
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
RETURN key, head(COLLECT {
  MATCH (i)<-[:CARRIES]-(e:Event)-[:OF]->(p:Person)
  WHERE p.erasure IS NULL
  WITH e, p, split(e.type, '.') AS parts
  WITH e, p, i.kind = 'session' AND (parts[-1] IN $ends
    OR (coalesce(parts[-2], '') = 'session' AND parts[-1] IN $ends_of_session)) AS ends
  WHERE ends OR e.rule IN ['A1', 'A4', 'A6'] OR (e.rule = 'A5' AND p.kind = 'known')
  RETURN CASE WHEN NOT ends THEN p.id END
  ORDER BY e.received_at DESC, e.id DESC LIMIT 1
}) AS person_id
