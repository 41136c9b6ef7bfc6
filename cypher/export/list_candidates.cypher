// Whom a view was compared with and how likely it was taken for the same person; of the other side no more than its id.
// $view_id: STRING
// returns: candidate: MAP
MATCH (p:Person {view_id: $view_id})<-[:PAIRS]-(c:Candidate)
WITH DISTINCT c
RETURN {id: c.id, left: c.left, right: c.right, status: c.status, verdict: c.verdict, p_same: c.p_same,
        p_household: c.p_household, band: c.band, model: c.model} AS candidate
ORDER BY c.id
