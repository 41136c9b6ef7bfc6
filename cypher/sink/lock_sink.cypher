// Locks a sink, so that what is read after it is what the last writer left.
// $id: STRING
// returns: leaving
MATCH (s:Sink {id: $id})
SET s.written_at = datetime()
RETURN s.leaving AS leaving
