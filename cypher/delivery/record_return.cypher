// Gives back what could not be begun yet, without counting an attempt.
// $id: STRING
// $lease: STRING
// $wait: FLOAT, seconds
MATCH (d:Delivery {id: $id})
WHERE d.lease = $lease
SET d.lease = null, d.leased_until = null,
    d.next_at = datetime() + duration({milliseconds: toInteger($wait * 1000)})
