// For how long events are kept, by type, as long as this transaction goes on: who sets or drops a period meanwhile waits.
// returns: type, days
MATCH (r:Retention)
WITH r ORDER BY r.type
SET r.type = r.type
RETURN r.type AS type, r.days AS days
