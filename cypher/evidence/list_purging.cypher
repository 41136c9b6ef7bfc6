// Evidence that is being deleted.
// $limit: INTEGER
// returns: sha256
MATCH (v:Evidence) WHERE v.status = 'purging'
RETURN v.sha256 AS sha256 ORDER BY sha256 LIMIT $limit
