// Gives back entries that nobody could have carried out, without counting an attempt.
// $ids: LIST<STRING> sorted
// $wait: FLOAT, seconds
UNWIND $ids AS id
MATCH (o:Outbox {id: id})
SET o.next_at = datetime() + duration({milliseconds: toInteger($wait * 1000)})
