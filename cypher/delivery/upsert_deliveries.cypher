// Gives active campaigns a place at each sink that they go to.
// $rows: LIST<MAP {campaign_id, department}> sorted by campaign_id
UNWIND $rows AS row
MATCH (s:Sink)
WHERE NOT s.leaving
  AND (row.campaign_id IN s.campaigns OR row.department IN s.departments OR '*' IN s.departments)
WITH row, s ORDER BY row.campaign_id, s.id
MERGE (d:Delivery {id: row.campaign_id + '@' + s.id})
ON CREATE SET d.campaign_id = row.campaign_id, d.sink_id = s.id, d.kind = s.kind, d.state = 'waiting', d.version = 0,
              d.tried = 0, d.attempts = 0, d.since = datetime()
MERGE (d)-[:TO]->(s)
