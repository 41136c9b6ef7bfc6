// Takes persons off their blocking keys and stated values; those on which nobody hangs any more are gone.
// $ids: LIST<STRING>
MATCH (p:Person)-[r:KEYED|STATED]->(k)
WHERE p.id IN $ids
SET k.key = k.key
DELETE r
WITH DISTINCT k
WHERE NOT EXISTS { (k)<-[:KEYED|STATED]-() }
DETACH DELETE k
