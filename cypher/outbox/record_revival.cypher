// Gives dead entries another series of attempts.
// returns: count
MATCH (o:Outbox {status: 'dead'}) WHERE o.next_at IS NOT NULL
SET o.status = 'waiting', o.attempts = 0, o.next_at = datetime()
RETURN count(o) AS count
