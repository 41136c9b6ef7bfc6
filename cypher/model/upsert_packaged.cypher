// Keeps the packaged model beside the others; the first model of a graph is live.
// $name: STRING
// $content: STRING
// $at: ZONED DATETIME
MERGE (m:Model {name: $name})
ON CREATE SET m.status = CASE WHEN EXISTS { (:Model {status: 'live'}) } THEN 'retired' ELSE 'live' END,
              m.content = $content, m.created_at = $at, m.created_by = 'ViTo', m.version = 1
