// Ends a session.
// $hash: STRING
// returns: at_issuer: BOOLEAN, whether its human signed in at the issuer that is set
MATCH (s:Session {hash: $hash})
WITH s, coalesce(s.at_issuer, false) AS at_issuer
DELETE s
RETURN at_issuer
