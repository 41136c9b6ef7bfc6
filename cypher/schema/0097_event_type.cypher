// Events whose time to be kept is over are found by type and time.
CREATE INDEX event_type IF NOT EXISTS FOR (e:Event) ON (e.type, e.occurred_at)
