// Sinks by id, with how many campaigns stand there and how many of these fail.
// $id: STRING or null, of one sink only
// returns: id, adapter, kind, settings, departments, campaigns, sealed, version, leaving, deliveries, failing
MATCH (s:Sink)
WHERE $id IS NULL OR s.id = $id
RETURN s.id AS id, s.adapter AS adapter, s.kind AS kind, s.settings AS settings, s.departments AS departments,
       s.campaigns AS campaigns, s.sealed AS sealed, s.version AS version, s.leaving AS leaving,
       COUNT { (:Delivery)-[:TO]->(s) } AS deliveries,
       COUNT { (d:Delivery)-[:TO]->(s) WHERE d.attempts > 0 } AS failing
ORDER BY id
