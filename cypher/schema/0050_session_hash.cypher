// A session, or a ticket for one, is found by the hash of its secret.
CREATE CONSTRAINT session_hash IF NOT EXISTS FOR (s:Session) REQUIRE s.hash IS UNIQUE
