// What has expired is cleared away.
CREATE INDEX session_expires IF NOT EXISTS FOR (s:Session) ON (s.expires_at)
