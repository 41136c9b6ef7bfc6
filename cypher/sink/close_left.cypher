// A sink that is left and holds nothing any more is gone.
// $id: STRING
MATCH (s:Sink {id: $id})
WHERE s.leaving
SET s.written_at = datetime()
WITH s
WHERE NOT EXISTS { (:Delivery)-[:TO]->(s) }
DELETE s
