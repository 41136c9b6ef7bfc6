// Takes the words and the filter out of bulk acts of which nothing is left but decisions without words.
MATCH (b:Batch)
WHERE EXISTS { (:Decision {batch: b.id}) } AND NOT EXISTS { (d:Decision {batch: b.id}) WHERE d.erased IS NULL AND d.parted IS NULL }
REMOVE b.reason, b.filter
