// Erasures whose bytes are still in the files of the store, and how many events a new store would hold. One that is not
// done names the erased until everything outside the graph has forgotten them: a new store would hold that too.
// returns: due, unfinished, events
RETURN COUNT { (x:Erasure {status: 'done'}) WHERE x.compacted IS NULL } AS due,
       COUNT { (x:Erasure) WHERE x.status <> 'done' } AS unfinished, COUNT { (:Event) } AS events
