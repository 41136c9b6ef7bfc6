// Where a campaign stands, by sink.
// $campaign_id: STRING
// returns: sink, kind, state, dead, attempts, last_error, since
MATCH (d:Delivery {campaign_id: $campaign_id})
RETURN d.sink_id AS sink, d.kind AS kind, d.state AS state, d.status = 'dead' AS dead, d.attempts AS attempts,
       d.error AS last_error, d.since AS since
ORDER BY sink
