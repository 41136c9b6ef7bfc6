// Makes or finds a sink and locks it; a new one has version 0 until it is recorded.
// $id: STRING
// returns: version, leaving, adapter, settings, sealed, standing: how many campaigns may be there
MERGE (s:Sink {id: $id})
ON CREATE SET s.version = 0, s.leaving = false
SET s.written_at = datetime()
RETURN s.version AS version, s.leaving AS leaving, s.adapter AS adapter, s.settings AS settings, s.sealed AS sealed,
       COUNT { (d:Delivery)-[:TO]->(s) WHERE NOT d.state IN ['waiting', 'gone'] } AS standing
