// One review of an event.
CREATE CONSTRAINT call_review_event IF NOT EXISTS FOR (r:CallReview) REQUIRE r.event_id IS UNIQUE
