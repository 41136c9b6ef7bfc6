// Takes away what a decision drew between two persons: the log keeps it, the graph has active edges only.
// $left: STRING
// $right: STRING
// $decision: STRING
MATCH (:Person {id: $left})-[r:SAME_AS|NOT_SAME_AS|HOUSEHOLD_OF {decision: $decision}]-(:Person {id: $right})
DELETE r
