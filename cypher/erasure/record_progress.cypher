// Notes how far an erasure is.
// $id: STRING
// $changes: MAP
MATCH (x:Erasure {id: $id})
SET x += $changes
