// Nothing is left in this store of those who were erased from the one that it was read off.
MATCH (x:Erasure)
WHERE x.compacted IS NULL AND x.status <> 'erasing'
SET x.compacted = true
