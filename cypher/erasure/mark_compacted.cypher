// Nothing is left in this store of those who were erased from the one that it was read off, and forgotten elsewhere.
MATCH (x:Erasure {status: 'done'})
WHERE x.compacted IS NULL
SET x.compacted = true
