// Takes out of candidates, of second looks at them and of the entries about them what was looked at while the erased were in
// a view of theirs: the entries' words, but for identifiers that others hold, and their evidence. They stay of effect.
// $rows: LIST<MAP {id, seq, since, changes: MAP}> sorted by id; seq is that of the first entry, since its moment as text
// $own: LIST<STRING>, keys of identifiers that nobody holds any more
// $erasure: STRING
// returns: id, batch
UNWIND $rows AS row
MATCH (c:Candidate {id: row.id})
SET c += row.changes
WITH c, row
CALL (c, row) {
  MATCH (c)<-[:REVIEWS]-(r:Review)
  WHERE r.at >= row.since
  REMOVE r.reason
}
MATCH (c)<-[:DECIDES]-(d:Decision)
WHERE d.seq >= row.seq
WITH d, [key IN coalesce(d.identifiers, []) WHERE NOT key IN $own] AS left
SET d.parted = coalesce(d.parted, $erasure), d.identifiers = CASE WHEN left <> [] THEN left END
REMOVE d.reason, d.note, d.salt, d.evidence
RETURN d.id AS id, d.batch AS batch
