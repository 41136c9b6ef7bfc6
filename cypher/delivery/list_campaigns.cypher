// A page of campaigns, as far as it takes to know where they go.
// $after: STRING
// $limit: INTEGER
// returns: campaign_id, department, version, status
MATCH (c:Campaign)
WHERE c.id > $after AND c.version > 0
RETURN c.id AS campaign_id, c.department AS department, c.version AS version, c.status AS status
ORDER BY campaign_id LIMIT $limit
