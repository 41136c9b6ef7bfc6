// The lens: events that target something, by type.
CREATE INDEX event_target IF NOT EXISTS FOR (e:Event) ON (e.target_id, e.type)
