// Says that a sink is to be left: everything is removed from it, and then the sink itself goes.
// $id: STRING
// returns: version
MATCH (s:Sink {id: $id})
SET s.written_at = datetime(), s.version = s.version + CASE WHEN s.leaving THEN 0 ELSE 1 END, s.leaving = true
RETURN s.version AS version
