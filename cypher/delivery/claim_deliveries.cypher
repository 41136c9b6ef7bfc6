// Takes those of the locked deliveries that are still due, for the length of a lease. What was dead begins anew.
// $ids: LIST<STRING>
// $lease: STRING, names this taking
// $lasts: FLOAT, seconds
// $longest: FLOAT, see `lock_due`
// returns: id, campaign_id, version, state, attempts, lease
UNWIND $ids AS id
MATCH (d:Delivery {id: id})
WHERE d.status IN ['waiting', 'dead']
WITH d, datetime() AS now, datetime() + duration({milliseconds: toInteger($longest * 1000)}) AS beyond
WHERE (d.next_at <= now OR d.status = 'waiting' AND d.next_at > beyond AND (d.version > d.tried OR d.attempts > 0))
  AND (d.leased_until IS NULL OR d.leased_until < now OR d.leased_until > beyond)
SET d.attempts = CASE WHEN d.status = 'dead' THEN 0 ELSE d.attempts END,
    d.asked_at = CASE WHEN d.status = 'dead' THEN now ELSE d.asked_at END, d.status = 'waiting'
SET d.lease = $lease, d.leased_until = datetime() + duration({milliseconds: toInteger($lasts * 1000)})
RETURN d.id AS id, d.campaign_id AS campaign_id, d.version AS version, d.state AS state,
       d.attempts AS attempts, d.lease AS lease
