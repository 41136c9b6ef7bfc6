// What waits in the outbox under these keys is gone, the dead included.
// $keys: LIST<STRING>
MATCH (o:Outbox)
USING INDEX SEEK o:Outbox(key)
WHERE o.key IN $keys
DELETE o
