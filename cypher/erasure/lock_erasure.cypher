// Locks an erasure.
// $id: STRING
// returns: erasure: MAP
MATCH (x:Erasure {id: $id})
SET x.id = x.id
RETURN properties(x) AS erasure
