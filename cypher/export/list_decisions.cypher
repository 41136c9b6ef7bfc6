// What was decided about a view, oldest first; of the other side no more than its id.
// $view_id: STRING
// returns: entry: MAP
MATCH (p:Person {view_id: $view_id})<-[:PAIRS]-(c:Candidate)<-[:DECIDES]-(d:Decision)
WITH DISTINCT d
RETURN {id: d.id, entry: d.entry, verdict: d.verdict, at: d.at, actor_role: d.actor_role, left: d.left, right: d.right,
        reason: d.reason, note: d.note, model: d.model, seq: d.seq} AS entry
ORDER BY d.seq
