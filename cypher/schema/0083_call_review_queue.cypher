// Events that wait for a specialist's word, the longest waiting first.
CREATE INDEX call_review_queue IF NOT EXISTS FOR (r:CallReview) ON (r.status, r.opened_at, r.event_id)
