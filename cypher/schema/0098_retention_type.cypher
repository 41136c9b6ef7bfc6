// A type of event is kept for one time.
CREATE CONSTRAINT retention_type IF NOT EXISTS FOR (r:Retention) REQUIRE r.type IS UNIQUE
