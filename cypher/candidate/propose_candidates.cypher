// Writes what scoring found of some persons, supersedes what was not found again, and takes their marks off.
// Persons are locked first, in the order of their ids. A decision is never overwritten: only what still waits for one
// takes new evidence. What has a decision of effect and waits was reopened: it stays in the queue until somebody looks,
// found again or not; what was joined meanwhile rests decided again. A mark that was set anew since stays. Whose mark is
// gone was scored by another worker since, which may have seen more: nothing of that view is written or superseded, and who
// is of it, or was found like it, keeps their mark. So does who lost a candidate that was written since it was read.
// `value`, the order of the queue: the chance that two persons are not two, times what a decision changes: 1 at no event
// of the smaller view, 2 at 90, 3 at 990.
// $about: MAP {persons: LIST<STRING>, sorted ids of those concerned; lost: LIST<MAP {id, version, view_ids}>, candidates of
//   views that were not found again, sorted by id}
// $rows: LIST<MAP {id, left, right, kind, status, p_same, p_household, bits_stranger, bits_household, band, proposed_as, value,
//   groups, model, propensity, evidence}> sorted by id; propensity and evidence are null where nobody is asked
// $marks: LIST<MAP {id, view_id, resolve_at}>; one whose resolve_at is null is looked at, and stays
// $at: ZONED DATETIME
// $drift: FLOAT, bits that common values may gain or lose without making another candidate of it
// returns: proposed; left_out: LIST<STRING>, views of which something was not written, for it may be seen anew
CYPHER replan=skip
CALL () { UNWIND $about.persons AS id MATCH (p:Person {id: id}) USING INDEX SEEK p:Person(id) SET p.kind = p.kind }
CALL () {
  UNWIND $marks AS row MATCH (p:Person {id: row.id}) USING INDEX SEEK p:Person(id) WHERE p.resolve_at IS NULL
  RETURN collect(row.view_id) AS overtaken
}
WITH overtaken, [row IN $rows WHERE row.left IN overtaken OR row.right IN overtaken | [row.left, row.right]] AS left_out
CALL (overtaken) {
  UNWIND $rows AS row WITH row, overtaken WHERE NOT row.left IN overtaken AND NOT row.right IN overtaken
  MATCH (l:Person {id: row.left}) USING INDEX SEEK l:Person(id) MATCH (r:Person {id: row.right}) USING INDEX SEEK r:Person(id)
  // A view that was joined or parted since it was scored is scored again by its own mark.
  WITH row, l, r WHERE l.view_id = row.left AND r.view_id = row.right
  MERGE (c:Candidate {id: row.id})
  ON CREATE SET c.kind = row.kind, c.left = row.left, c.right = row.right, c.status = 'superseded', c.version = 0, c.created_at = $at
  MERGE (c)-[:PAIRS]->(l) MERGE (c)-[:PAIRS]->(r)
  WITH c, row WHERE c.status IN ['open', 'claimed', 'stored', 'superseded']
    AND (c.status = 'superseded' OR c.model <> row.model OR c.band <> row.band OR coalesce(c.propensity, 0.0) <> coalesce(row.propensity, 0.0)
      OR abs(c.bits_stranger - row.bits_stranger) > $drift OR abs(c.bits_household - row.bits_household) > $drift)
  WITH c, row, COUNT { MATCH (p:Person {view_id: row.left})<-[:OF]-() USING INDEX SEEK p:Person(view_id) } AS ours,
       COUNT { MATCH (p:Person {view_id: row.right})<-[:OF]-() USING INDEX SEEK p:Person(view_id) } AS theirs
  SET c.status = CASE
        WHEN c.decision IS NOT NULL AND c.status = 'superseded' THEN 'decided'
        WHEN c.decision IS NOT NULL OR (c.status = 'claimed' AND row.status = 'open') THEN c.status
        ELSE row.status END,
      c.p_same = row.p_same, c.p_household = row.p_household, c.bits_stranger = row.bits_stranger,
      c.bits_household = row.bits_household, c.band = row.band, c.proposed_as = row.proposed_as, c.groups = row.groups, c.model = row.model,
      c.value = row.value * log10(10 + CASE WHEN ours < theirs THEN ours ELSE theirs END),
      c.propensity = row.propensity, c.evidence = row.evidence, c.version = c.version + 1, c.updated_at = $at,
      c.claimed_by = CASE WHEN c.status = 'claimed' THEN c.claimed_by END, c.claimed_until = CASE WHEN c.status = 'claimed' THEN c.claimed_until END
  RETURN count(c) AS proposed
}
CALL (overtaken) {
  UNWIND $about.lost AS row WITH row WHERE none(view IN row.view_ids WHERE view IN overtaken)
  MATCH (c:Candidate {id: row.id}) WHERE c.status IN ['open', 'claimed', 'stored'] AND c.decision IS NULL
  WITH row, c, c.version <> row.version AS rewritten
  FOREACH (one IN CASE WHEN rewritten THEN [] ELSE [c] END |
    SET one.status = 'superseded', one.version = one.version + 1, one.updated_at = $at REMOVE one.claimed_by, one.claimed_until)
  RETURN collect(CASE WHEN rewritten THEN row.view_ids END) AS kept
}
CALL (overtaken, left_out, kept) {
  UNWIND $marks AS row WITH row WHERE NOT row.view_id IN overtaken AND none(views IN left_out + kept WHERE row.view_id IN views)
  MATCH (p:Person {id: row.id}) USING INDEX SEEK p:Person(id) WHERE p.resolve_at = row.resolve_at REMOVE p.resolve_at
}
RETURN proposed, reduce(views = [], pair IN left_out | views + pair) AS left_out
