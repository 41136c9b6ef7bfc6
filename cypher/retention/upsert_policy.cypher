// Says for how many days events of a type are kept, and who says so.
// $type: STRING
// $days: INTEGER
// $actor: STRING
// $actor_name: STRING
// $at: ZONED DATETIME
MERGE (r:Retention {type: $type})
SET r.days = $days, r.actor = $actor, r.actor_name = $actor_name, r.at = $at
