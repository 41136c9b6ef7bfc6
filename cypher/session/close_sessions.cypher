// Ends every session of a human, and the tickets that they have, however their name is written.
// $holder: STRING
// returns: ended
MATCH (s:Session)
WHERE toLower(s.holder) = toLower($holder)
DELETE s
RETURN count(*) AS ended
