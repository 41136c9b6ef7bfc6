// The lens, page by page: enrolments of a campaign in the order in which they were made.
CREATE INDEX event_lens IF NOT EXISTS FOR (e:Event) ON (e.target_id, e.type, e.occurred_at, e.id)
