// Notes a failed attempt, and when to try again; what is refused too often is dead, a removal never is.
// What is dead is due again when the schedule of its campaign changes: what stood there before may have to go then.
// $id: STRING
// $lease: STRING
// $wait: FLOAT, seconds
// $error: STRING
// $version: INTEGER, of the campaign with which it was tried
// $most: INTEGER or null, attempts
MATCH (d:Delivery {id: $id})
WHERE d.lease = $lease
SET d.attempts = d.attempts + 1, d.error = $error, d.failed_at = datetime(), d.lease = null, d.leased_until = null,
    d.tried = CASE WHEN $version > d.tried THEN $version ELSE d.tried END,
    d.next_at = datetime() + duration({milliseconds: toInteger($wait * 1000)})
SET d.status = CASE WHEN d.attempts >= $most AND d.state <> 'removing' THEN 'dead' ELSE 'waiting' END
WITH d, COLLECT {
       MATCH (c:Campaign {id: d.campaign_id})
       UNWIND [c.starts_at, c.ends_at] AS moment
       WITH c, moment WHERE c.status = 'active' AND moment > datetime()
       RETURN moment ORDER BY moment LIMIT 1
     } AS moments
SET d.next_at = CASE WHEN d.status = 'dead' THEN head(moments) ELSE d.next_at END
