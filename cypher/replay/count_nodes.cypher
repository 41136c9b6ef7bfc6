// Whether anything is in the graph beside its migrations and the first key.
// returns: nodes
MATCH (n)
WHERE NOT n:Migration
RETURN count(n) AS nodes
