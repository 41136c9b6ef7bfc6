// Events that wait for a specialist's word, and for how many seconds the first of them has waited.
// $now: INTEGER, epoch seconds
// returns: waiting, lag
MATCH (r:CallReview {status: 'open'})
RETURN count(r) AS waiting, coalesce(max($now - r.opened_at.epochSeconds), 0) AS lag
