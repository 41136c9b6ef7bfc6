// Outbox entries that are due.
CREATE INDEX outbox_due IF NOT EXISTS FOR (o:Outbox) ON (o.status, o.next_at)
