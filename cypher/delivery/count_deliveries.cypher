// How deliveries stand, by sink.
// returns: sink, kind, deliveries, waiting, dead, failing, teardown_failing, lag in seconds
MATCH (s:Sink)
OPTIONAL MATCH (d:Delivery)-[:TO]->(s)
WITH s, d, d.status = 'waiting' AND d.asked_at <= datetime() AS due
WITH s, count(d) AS deliveries, count(CASE WHEN due THEN 1 END) AS waiting, count(CASE WHEN d.status = 'dead' THEN 1 END) AS dead,
     count(CASE WHEN d.attempts > 0 THEN 1 END) AS failing,
     count(CASE WHEN d.attempts > 0 AND d.state = 'removing' THEN 1 END) AS teardown_failing,
     min(CASE WHEN due THEN d.asked_at END) AS oldest
RETURN s.id AS sink, s.kind AS kind, deliveries, waiting, dead, failing, teardown_failing,
       CASE WHEN oldest IS NULL THEN 0.0 ELSE (datetime().epochMillis - oldest.epochMillis) / 1000.0 END AS lag
ORDER BY sink
