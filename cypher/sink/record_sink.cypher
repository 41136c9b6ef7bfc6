// Writes what is said of a locked sink, as its next version.
// $id: STRING
// $properties: MAP {adapter, kind, settings, departments, campaigns, sealed, written_by}; settings is JSON
// returns: version
MATCH (s:Sink {id: $id})
SET s += $properties, s.version = s.version + 1
RETURN s.version AS version
