// Tries what is dead or fails again at once: one delivery, or all.
// $id: STRING or null for all
// returns: count
MATCH (d:Delivery)
WHERE ($id IS NULL OR d.id = $id) AND d.sink_id IS NOT NULL AND (d.status = 'dead' OR d.attempts > 0)
SET d.attempts = CASE WHEN d.status = 'dead' THEN 0 ELSE d.attempts END,
    d.status = 'waiting', d.next_at = datetime(), d.asked_at = coalesce(d.asked_at, datetime())
RETURN count(d) AS count
