// What was ever bound by cookies and sessions: their events that a strong identifier carried, and those of sessions.
// $keys: LIST<STRING>
// returns: key, kind, person_id, person_kind, rule, type
MATCH (i:Identifier)<-[:CARRIES]-(e:Event)-[:OF]->(p:Person)
WHERE i.key IN $keys AND i.kind IN ['session', 'cookie'] AND (i.kind = 'session' OR NOT e.rule IN ['A2', 'A3'])
RETURN i.key AS key, i.kind AS kind, p.id AS person_id, p.kind AS person_kind, e.rule AS rule, e.type AS type
ORDER BY key, e.received_at, e.id
