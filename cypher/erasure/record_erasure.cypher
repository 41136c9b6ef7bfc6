// Keeps that somebody was erased, with what is still to be forgotten elsewhere, and its entry of the decision log.
// $erasure: MAP
// $entry: MAP
// $check: STRING, by which the key of the tombstones is known again
// $verdicts: INTEGER, hashes of verdicts that were kept by it
MATCH (h:Head {name: 'decisions'})
CREATE (x:Erasure)
CREATE (d:Decision)-[:RECORDS]->(x)
SET x = $erasure, d = $entry, h.seq = $entry.seq, h.hash = $entry.hash
MERGE (seal:Head {name: 'seal'})
SET seal.check = $check, seal.verdicts = coalesce(seal.verdicts, 0) + $verdicts
