// Makes identifiers shared in the name of a decision; what they were before is kept for its retraction.
// $decision: STRING
// $keys: LIST<STRING> sorted
// $at: ZONED DATETIME
MATCH (d:Decision {id: $decision})
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
CREATE (d)-[:SHARES]->(i)
SET i.status_before = coalesce(i.status_before, i.status)
WITH i
WHERE NOT i.status IN ['shared', 'blocked']
SET i.status = 'shared', i.shared_since = $at
