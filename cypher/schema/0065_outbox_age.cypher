// Outbox entries of an aggregate by age.
CREATE INDEX outbox_age IF NOT EXISTS FOR (o:Outbox) ON (o.aggregate, o.status, o.at)
