// Takes the words and the filter out of bulk acts of which nothing else is left.
// $ids: LIST<STRING>
UNWIND $ids AS id
MATCH (b:Batch {id: id})
WHERE NOT EXISTS { (d:Decision {batch: id}) WHERE d.erased IS NULL AND d.parted IS NULL }
REMOVE b.reason, b.filter
