// Takes those of the locked entries that are still due, for the length of a lease.
// $ids: LIST<STRING>
// $lease: FLOAT, seconds
// $longest: FLOAT, see `lock_due`
// returns: id, aggregate, key, version, attempts, trace
UNWIND $ids AS id
MATCH (o:Outbox {id: id}) USING INDEX o:Outbox(id)
WHERE o.status = 'waiting'
  AND (o.next_at <= datetime() OR o.next_at > datetime() + duration({milliseconds: toInteger($longest * 1000)}))
SET o.next_at = datetime() + duration({milliseconds: toInteger($lease * 1000)})
RETURN o.id AS id, o.aggregate AS aggregate, o.key AS key, o.version AS version, o.attempts AS attempts,
       o.trace AS trace
ORDER BY o.at, o.id
