// Says, in the transaction of a change, that a projection of something is out of date. Of one version there is one entry.
// $id: STRING
// $aggregate: STRING
// $key: STRING
// $version: INTEGER
// $at: ZONED DATETIME
MERGE (o:Outbox {id: $id})
ON CREATE SET o.aggregate = $aggregate, o.key = $key, o.version = $version, o.at = $at
