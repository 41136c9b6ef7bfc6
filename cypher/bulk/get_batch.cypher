// A bulk act with its decisions, newest first, and the second looks at its sample.
// $id: STRING
// returns: batch: MAP, decisions: LIST<MAP {id, candidate_id, verdict, status, check, standing}>, sampled, reviewed, disagreed
MATCH (b:Batch {id: $id})
CALL (b) {
  MATCH (d:Decision {batch: b.id})-[:DECIDES]->(c:Candidate)
  RETURN d, c, COLLECT { MATCH (c)<-[:REVIEWS]-(r:Review {decision: d.id}) RETURN r.agrees } AS looks
  ORDER BY d.seq DESC
}
WITH b, collect({id: d.id, candidate_id: c.id, verdict: d.verdict, status: c.status, check: c.check,
                 standing: coalesce(c.decision = d.id, false), looks: looks}) AS decisions
RETURN properties(b) AS batch, decisions
