// Gives entries that are dead or failed too often another series of attempts, at once: one of them, or all.
// $id: STRING or null for all
// $most: INTEGER, attempts
// returns: count
MATCH (o:Outbox) WHERE (o.status = 'dead' OR o.attempts >= $most) AND ($id IS NULL OR o.id = $id)
SET o.status = 'waiting', o.attempts = 0, o.faults = 0, o.next_at = datetime()
RETURN count(o) AS count
