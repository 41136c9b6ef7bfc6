// Erasures whose bytes are still in the files of the store, and how many events a new store would hold.
// returns: due, events
RETURN COUNT { (x:Erasure) WHERE x.compacted IS NULL AND x.status <> 'erasing' } AS due, COUNT { (:Event) } AS events
