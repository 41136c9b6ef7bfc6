// Marks evidence whose time is over as being deleted.
// $now: ZONED DATETIME
// $limit: INTEGER
// returns: sha256
MATCH (v:Evidence) WHERE v.status = 'stored' AND v.expires_at <= $now
WITH v ORDER BY v.sha256 LIMIT $limit
SET v.status = 'purging'
RETURN v.sha256 AS sha256
