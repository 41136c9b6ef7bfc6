// One node a blocking key.
CREATE CONSTRAINT blocking_key IF NOT EXISTS FOR (k:BlockingKey) REQUIRE k.key IS UNIQUE
