// Notes a failed attempt, and when to try again; what is refused too often is dead, a removal never is.
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
