// Gives up a locked sink that is left: it goes with all that was noted of it. Where it was, what may still stand there
// and who said so is kept.
// $id: STRING
// $by: STRING, who says so
// returns: campaigns: LIST<STRING>, those that may still stand there
MATCH (s:Sink {id: $id})
CREATE (a:Abandonment {sink: s.id, adapter: s.adapter, kind: s.kind, settings: s.settings, at: datetime(), by: $by})
SET a.campaigns = COLLECT {
      MATCH (d:Delivery)-[:TO]->(s) WHERE NOT d.state IN ['waiting', 'gone']
      RETURN d.campaign_id ORDER BY d.campaign_id
    }
WITH s, a.campaigns AS campaigns
CALL (s) {
  MATCH (d:Delivery)-[:TO]->(s)
  WITH d ORDER BY d.id
  DETACH DELETE d
}
DETACH DELETE s
RETURN campaigns
