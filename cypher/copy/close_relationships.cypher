// Removes from the copy what leaves these nodes; it is written anew.
// $label: STRING
// $ids: LIST<STRING>
UNWIND $ids AS id
MATCH (n:$($label) {id: id})
MATCH (n)-[r]->()
DELETE r
