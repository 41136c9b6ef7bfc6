// Sinks by id.
// $id: STRING or null, of one sink only
// returns: id, adapter, kind, settings, departments, campaigns, sealed, version, leaving
MATCH (s:Sink)
WHERE ($id IS NULL OR s.id = $id) AND s.version > 0
RETURN s.id AS id, s.adapter AS adapter, s.kind AS kind, s.settings AS settings, s.departments AS departments,
       s.campaigns AS campaigns, s.sealed AS sealed, s.version AS version, s.leaving AS leaving
ORDER BY id
