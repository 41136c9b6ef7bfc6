// Locks a candidate that is looked at again, with what was decided.
// $id: STRING
// returns: id, version, check, verdict, decision
MATCH (c:Candidate {id: $id})
SET c.kind = c.kind
RETURN c.id AS id, c.version AS version, c.check AS check, c.verdict AS verdict, c.decision AS decision
