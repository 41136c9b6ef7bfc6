// A bulk act with its decisions, newest first, and the second looks at its sample. It may have none: all were refused.
// $id: STRING
// returns: batch: MAP, decisions: LIST<MAP {id, candidate_id, verdict, status, check, standing, waits (for a second person), looks: LIST<BOOLEAN>}>
MATCH (b:Batch {id: $id})
RETURN properties(b) AS batch,
       COLLECT {
         MATCH (d:Decision {batch: b.id})-[:DECIDES]->(c:Candidate)
         RETURN {id: d.id, candidate_id: c.id, verdict: d.verdict, status: c.status, check: c.check,
                 standing: coalesce(c.decision = d.id, false),
                 waits: c.status = 'awaiting' AND NOT EXISTS {
                   MATCH (c)<-[:DECIDES]-(later:Decision {entry: 'decision'}) WHERE later.seq > d.seq
                 },
                 looks: COLLECT { MATCH (c)<-[:REVIEWS]-(r:Review {decision: d.id}) RETURN r.agrees }}
         ORDER BY d.seq DESC
       } AS decisions
