// Takes back that a decision calls identifiers shared.
// $decision: STRING
MATCH (:Decision {id: $decision})-[r:SHARES]->(:Identifier)
DELETE r
