// How far an erasure is, and what the outbox still has of it.
// $id: STRING
// returns: erasure: MAP, waiting: LIST<MAP>
MATCH (x:Erasure {id: $id})
RETURN properties(x) AS erasure,
       COLLECT {
         MATCH (o:Outbox {aggregate: 'erasure', key: $id}) USING INDEX SEEK o:Outbox(key)
         RETURN {status: o.status, attempts: o.attempts, error: o.error}
       } AS waiting
