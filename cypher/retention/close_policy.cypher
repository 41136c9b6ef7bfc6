// Events of a type are kept for good again.
// $type: STRING
// returns: type
MATCH (r:Retention {type: $type})
DELETE r
RETURN $type AS type
