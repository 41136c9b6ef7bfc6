// Discards a locked draft with what it offers. What it was, and who discarded it, is kept with the version of its end: one
// that is made under its id goes on from there.
// $id: STRING
// $by: STRING, who says so
// returns: version
MATCH (c:Campaign {id: $id})
CREATE (x:DiscardedDraft {id: c.id, name: c.name, department: c.department, version: c.version + 1, at: datetime(), by: $by})
WITH c, x.version AS version
CALL (c) {
  MATCH (c)-[:OFFERS]->(a:Artifact)
  DETACH DELETE a
}
DETACH DELETE c
RETURN version
