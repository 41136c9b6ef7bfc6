// Events in the order of their arrival.
CREATE INDEX event_received IF NOT EXISTS FOR (e:Event) ON (e.received_at)
