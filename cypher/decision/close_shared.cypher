// Takes back that a decision made identifiers shared, unless another one still says so.
// $decision: STRING
MATCH (:Decision {id: $decision})-[r:SHARES]->(i:Identifier)
WITH r, i, COUNT { (i)<-[:SHARES]-() } AS said
DELETE r
WITH i, said
WHERE said = 1
SET i.status = i.status_before
REMOVE i.status_before, i.shared_since
