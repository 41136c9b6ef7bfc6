// Outbox entries of an aggregate that are due.
CREATE INDEX outbox_urgent IF NOT EXISTS FOR (o:Outbox) ON (o.aggregate, o.status, o.next_at)
