// Evidence whose bytes may be deleted: its time is over, or a worker of an older version has left it half deleted.
// $now: ZONED DATETIME
// $limit: INTEGER
// returns: sha256
CALL () {
  MATCH (v:Evidence) WHERE v.status = 'stored' AND v.expires_at <= $now
  RETURN v LIMIT $limit
  UNION ALL
  MATCH (v:Evidence) WHERE v.status = 'purging' AND v.expires_at <= $now - duration({hours: 1})
  RETURN v LIMIT $limit
}
RETURN v.sha256 AS sha256 LIMIT $limit
