// Why a link is to be looked at.
// $left: STRING
// $right: STRING
// $decision: STRING
// returns: cause
MATCH (:Person {id: $left})-[r:SAME_AS {decision: $decision}]-(:Person {id: $right})
UNWIND coalesce(r.weakened_by, []) AS cause
RETURN cause
ORDER BY cause
