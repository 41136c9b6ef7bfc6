// An erasure has an id of its own.
CREATE CONSTRAINT erasure_id IF NOT EXISTS FOR (x:Erasure) REQUIRE x.id IS UNIQUE
