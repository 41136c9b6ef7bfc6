// Keeps the packaged model beside the others; the first model of a graph is live.
// $name: STRING
// $content: STRING
// $at: ZONED DATETIME
OPTIONAL MATCH (live:Model {status: 'live'})
WITH count(live) AS lives
MERGE (m:Model {name: $name})
ON CREATE SET m.status = CASE lives WHEN 0 THEN 'live' ELSE 'retired' END, m.content = $content, m.created_at = $at,
              m.created_by = 'ViTo', m.version = 1
