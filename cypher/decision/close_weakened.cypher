// Takes a link off those to be looked at: a human has, and leaves it. It is kept what they looked at.
// $left: STRING
// $right: STRING
// $decision: STRING
MATCH (:Person {id: $left})-[r:SAME_AS {decision: $decision}]-(:Person {id: $right})
SET r.acknowledged = r.weakened_by, r.weakened = null, r.weakened_by = null
