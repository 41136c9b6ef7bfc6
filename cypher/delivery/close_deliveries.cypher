// What was wanted is there. It is due again when more was wanted meanwhile, or in a while when its time is limited.
// $id: STRING
// $lease: STRING
// $state: STRING, live or gone
// $version: INTEGER, of the campaign that was written
// $again: FLOAT or null, seconds
// returns: id
MATCH (d:Delivery {id: $id})
WHERE d.lease = $lease
SET d.locked_at = datetime()
WITH d, datetime() AS now, CASE WHEN $again IS NULL THEN null
     ELSE datetime() + duration({milliseconds: toInteger($again * 1000)}) END AS later
SET d.since = CASE WHEN d.state = $state THEN d.since ELSE now END,
    d.state = $state, d.attempts = 0, d.error = null, d.lease = null, d.leased_until = null,
    d.tried = CASE WHEN $version > d.tried THEN $version ELSE d.tried END,
    d.status = CASE WHEN d.version > $version OR later IS NOT NULL THEN 'waiting' ELSE 'done' END,
    d.next_at = CASE WHEN d.version > $version THEN now ELSE later END,
    d.asked_at = CASE WHEN d.version > $version THEN d.asked_at ELSE later END
RETURN d.id AS id
