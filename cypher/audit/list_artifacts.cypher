// A page of artifacts.
// $after: STRING, 'campaign/key' of the last one before
// $limit: INTEGER
// returns: id, key, content
MATCH (a:Artifact)
WITH a, a.campaign_id + '/' + a.key AS id
WHERE id > $after
RETURN id, a.key AS key, a.content AS content
ORDER BY id LIMIT $limit
