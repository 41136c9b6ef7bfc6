// What waits in the outbox under these keys is gone, the dead included.
// $keys: LIST<STRING>
MATCH (o:Outbox)
WHERE o.key IN $keys
DELETE o
