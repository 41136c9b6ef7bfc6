// Has campaigns with an end carried to the hot memory anew, where a delivery at a sink does not know yet when that says `ended`.
// $sink_id: STRING
// $entries: LIST<MAP {id, campaign_id}>
// $aggregate: STRING
// $trace: STRING or null, where the change belongs in a trace
UNWIND $entries AS entry
MATCH (d:Delivery {id: entry.campaign_id + '@' + $sink_id})
MATCH (c:Campaign {id: entry.campaign_id})
WHERE d.hot_ended_at IS NULL AND c.ends_at IS NOT NULL
CREATE (:Outbox {id: entry.id, aggregate: $aggregate, key: c.id, version: c.version, at: datetime(), attempts: 0,
                 next_at: datetime(), status: 'waiting', trace: $trace})
