// Entries that were carried out are gone.
// $ids: LIST<STRING> sorted
UNWIND $ids AS id
MATCH (o:Outbox {id: id})
DETACH DELETE o
