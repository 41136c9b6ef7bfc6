// Locks the end of the decision log: the last lock that a decision takes.
// $genesis: STRING
// returns: seq, hash
MERGE (h:Head {name: 'decisions'})
ON CREATE SET h.seq = 0, h.hash = $genesis
SET h.name = h.name
RETURN h.seq AS seq, h.hash AS hash
