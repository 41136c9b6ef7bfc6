// Ends a session.
// $hash: STRING
MATCH (s:Session {hash: $hash})
DELETE s
