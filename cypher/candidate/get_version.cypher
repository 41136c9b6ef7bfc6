// Of which version a candidate is.
// $id: STRING
// returns: version
MATCH (c:Candidate {id: $id})
RETURN c.version AS version
