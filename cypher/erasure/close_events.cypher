// Events are gone.
// $ids: LIST<STRING> sorted
UNWIND $ids AS id
MATCH (e:Event {id: id})
DETACH DELETE e
