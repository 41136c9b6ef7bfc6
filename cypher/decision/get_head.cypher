// Where the decision log ends.
// returns: seq, hash
MATCH (h:Head {name: 'decisions'})
RETURN h.seq AS seq, h.hash AS hash
