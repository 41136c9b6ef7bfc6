// The two persons of a candidate, and the entry of the log that stands for it now.
// $id: STRING
// returns: left, right, decision
MATCH (c:Candidate {id: $id})
RETURN c.left AS left, c.right AS right, c.decision AS decision
