// Gives dead entries another series of attempts: one of them, or all.
// $id: STRING or null for all
// returns: count
MATCH (o:Outbox {status: 'dead'}) WHERE o.next_at IS NOT NULL AND ($id IS NULL OR o.id = $id)
SET o.status = 'waiting', o.attempts = 0, o.next_at = datetime()
RETURN count(o) AS count
