// Where the log is at a moment: the first of the entries that were made from then on, null where there is none.
// $since: STRING, in the form in which entries keep it
// returns: seq
MATCH (d:Decision)
USING INDEX SEEK d:Decision(at, seq)
WHERE d.at >= $since AND d.seq IS NOT NULL
RETURN min(d.seq) AS seq
