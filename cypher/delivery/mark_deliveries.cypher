// Makes what campaigns have at sinks due, unless that very version is there, and notes since when the hot memory says that they have ended.
// $rows: LIST<MAP {campaign_id, version, anew, is_hot, is_over, hot_ended_at}> sorted by campaign_id; hot_ended_at in
//        seconds of the epoch or null, of worth when is_hot; is_over: it says so now; anew: whatever is there
// $sink_id: STRING or null, at one sink only
// returns: count
UNWIND $rows AS row
MATCH (d:Delivery {campaign_id: row.campaign_id})
WHERE $sink_id IS NULL OR d.sink_id = $sink_id
WITH row, d ORDER BY d.id
SET d.version = CASE WHEN row.version > d.version THEN row.version ELSE d.version END
WITH row, d, row.anew OR d.attempts > 0 OR row.version > d.tried AS is_due
FOREACH (_ IN CASE WHEN is_due THEN [1] ELSE [] END |
  SET d.attempts = CASE WHEN d.status = 'dead' THEN 0 ELSE d.attempts END,
      d.status = 'waiting', d.next_at = datetime(), d.asked_at = datetime()
)
WITH row, d,
     CASE WHEN row.is_over THEN datetime()
          WHEN row.hot_ended_at IS NULL THEN null
          ELSE datetime({epochMillis: toInteger(row.hot_ended_at * 1000)}) END AS ended_at
SET d.hot_ended_at = CASE
  WHEN NOT row.is_hot OR row.version < d.version THEN d.hot_ended_at
  WHEN d.hot_ended_at <= datetime() AND ended_at <= datetime() THEN d.hot_ended_at
  ELSE ended_at END
RETURN count(d) AS count
