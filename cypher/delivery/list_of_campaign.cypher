// Where a campaign stands, by sink; `abandoned` where it may still stand at one that was given up.
// $campaign_id: STRING
// returns: sink, kind, state, dead, attempts, last_error, since
CALL () {
  MATCH (d:Delivery {campaign_id: $campaign_id})
  RETURN d.sink_id AS sink, d.kind AS kind, d.state AS state, d.status = 'dead' AS dead, d.attempts AS attempts,
         d.error AS last_error, d.since AS since
  UNION ALL
  MATCH (a:Abandonment)
  WHERE $campaign_id IN a.campaigns
  RETURN a.sink AS sink, a.kind AS kind, 'abandoned' AS state, false AS dead, 0 AS attempts, null AS last_error,
         a.at AS since
}
RETURN sink, kind, state, dead, attempts, last_error, since
ORDER BY sink, since
