// Writes an artifact of a locked campaign, as the artifact's next version.
// $id: STRING
// $key: STRING
// $kind: STRING
// $content: STRING, JSON
MATCH (c:Campaign {id: $id})
MERGE (a:Artifact {campaign_id: $id, key: $key})
ON CREATE SET a.version = 0
SET a.kind = $kind, a.content = $content, a.version = a.version + 1
MERGE (c)-[:OFFERS]->(a)
