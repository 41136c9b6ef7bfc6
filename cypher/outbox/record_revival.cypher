// Gives dead entries another series of attempts.
// returns: count
MATCH (o:Outbox {status: 'dead'})
SET o.status = 'waiting', o.attempts = 0, o.next_at = datetime()
RETURN count(o) AS count
