// Notes that writing to a sink or removing from it begins. The end of a campaign is carried to an edge once the hot memory
// says so, and to a CMS once each edge was tried with it besides; nothing is noted before, nor for a sink that was set up
// anew since: it may be another place now. The sink is locked, so that nobody moves it between this and what is noted.
// $id: STRING
// $lease: STRING
// $setup: INTEGER, version of the sink as it was read
// $state: STRING, publishing or removing
// $reason: STRING, of a removal: ended, withdrawn or not_started
// $version: INTEGER, of the campaign as it was read
// returns: may, whether to go on
MATCH (d:Delivery {id: $id})-[:TO]->(s:Sink)
WHERE d.lease = $lease
SET s.version = s.version
SET d.locked_at = datetime()
WITH d, d.lease = $lease AND s.version = $setup AND ($state <> 'removing' OR $reason <> 'ended' OR (
       coalesce(d.hot_ended_at <= datetime(), false)
       AND (d.kind = 'edge'
            OR NOT EXISTS { (e:Delivery {campaign_id: d.campaign_id}) WHERE e.kind = 'edge' AND e.tried < $version })
     )) AS may
FOREACH (_ IN CASE WHEN may THEN [1] ELSE [] END |
  SET d.since = CASE WHEN d.state = $state THEN d.since ELSE datetime() END,
      d.teardown_at = CASE WHEN $state <> 'removing' THEN null ELSE coalesce(d.teardown_at, datetime()) END,
      d.teardown_for = CASE WHEN $state <> 'removing' THEN null ELSE $reason END,
      d.state = $state
)
RETURN may
