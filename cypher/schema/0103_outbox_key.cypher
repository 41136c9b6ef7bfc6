// What waits to be carried of one thing: an erasure takes it away, and is asked how far it is.
CREATE INDEX outbox_key IF NOT EXISTS FOR (o:Outbox) ON (o.key)
