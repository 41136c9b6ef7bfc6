// Ends every session of a human, and the tickets that they have.
// $holder: STRING
// returns: ended
MATCH (s:Session {holder: $holder})
DELETE s
RETURN count(*) AS ended
