// A sink is there once.
CREATE CONSTRAINT sink_id IF NOT EXISTS FOR (s:Sink) REQUIRE s.id IS UNIQUE
