// What is due at a sink.
CREATE INDEX delivery_due IF NOT EXISTS FOR (d:Delivery) ON (d.sink_id, d.status, d.next_at)
