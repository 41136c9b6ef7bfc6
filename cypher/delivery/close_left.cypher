// What was removed from a sink that is left, or from one that the campaign does not go to any more, is forgotten.
// $id: STRING
// $lease: STRING
// returns: id
MATCH (d:Delivery {id: $id})
WHERE d.lease = $lease
WITH d, d.id AS id
DETACH DELETE d
RETURN id
