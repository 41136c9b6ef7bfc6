// Evidence that is being deleted: its time was over, so it has one.
// $limit: INTEGER
// returns: sha256
MATCH (v:Evidence) WHERE v.status = 'purging' AND v.expires_at IS NOT NULL
RETURN v.sha256 AS sha256 ORDER BY sha256 LIMIT $limit
