// Writes what became of a candidate by an entry of the log, of the views, and of what else waits on pairs of them: what was
// read of a view that changed is stale, and of whom is in one view now nothing is asked any more: what was never confirmed is
// no verdict on them. Whose view is written is scored anew. Why a candidate was reopened is told, and it is looked at again,
// until the entry that stands for it changes.
// $id: STRING, of the candidate
// $outcome: MAP {status: STRING or null, for none; verdict; decision, the entry that stands for the candidate now, if any;
//   views: LIST<MAP {id, view_id}>, sorted by id; changed: LIST<STRING>, the persons whose pairs are stale; joined:
//   LIST<STRING> sorted, candidates; joined_by: STRING or null, the entry that joined them}
// $mark: INTEGER, epoch microseconds
// $at: ZONED DATETIME
// returns: version, of the candidate; touched: LIST<STRING>, others that are stale
CYPHER replan=skip
CALL () {
  UNWIND $outcome.views AS row
  MATCH (p:Person {id: row.id})
  USING INDEX SEEK p:Person(id)
  SET p.view_id = row.view_id, p.resolve_at = $mark
}
CALL () {
  UNWIND $outcome.changed AS id
  MATCH (p:Person {id: id})<-[:PAIRS]-(other)
  USING INDEX SEEK p:Person(id)
  WHERE other.id <> $id AND other.status IN ['open', 'claimed', 'stored', 'awaiting']
  WITH DISTINCT other ORDER BY other.id
  SET other.version = other.version + 1, other.updated_at = $at
  RETURN collect(other.id) AS touched
}
CALL () {
  UNWIND $outcome.joined AS id
  MATCH (other:Candidate {id: id})
  USING INDEX SEEK other:Candidate(id)
  SET other.status = 'superseded', other.superseded_by = $outcome.joined_by, other.claimed_by = null,
      other.claimed_until = null, other.version = other.version + 1, other.updated_at = $at,
      other.verdict = head(COLLECT {
        MATCH (d:Decision {id: other.decision}) USING INDEX SEEK d:Decision(id) RETURN d.verdict
      })
}
MATCH (c:Candidate {id: $id})
USING INDEX SEEK c:Candidate(id)
CALL (c) {
  WITH c WHERE $outcome.status IS NOT NULL
  WITH c, c.decision = $outcome.decision AS is_as_it_was
  SET c.check = CASE WHEN is_as_it_was THEN c.check END,
      c.reopened = CASE WHEN is_as_it_was THEN c.reopened END,
      c.reopened_at = CASE WHEN is_as_it_was THEN c.reopened_at END,
      c.status = $outcome.status, c.verdict = $outcome.verdict, c.decision = $outcome.decision, c.claimed_by = null,
      c.claimed_until = null, c.version = c.version + 1, c.updated_at = $at
}
RETURN c.version AS version, touched
