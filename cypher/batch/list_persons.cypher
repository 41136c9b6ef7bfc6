// Persons with all that a batch reads of them, in the order of their ids, and what they hold as columns, side by side.
// Times are epoch microseconds: rows, maps and temporal values take the driver several times as long. Who holds more
// identifiers than are read of one is `wide`, and their holds are left out here.
// $after: STRING, ids from here on
// $until: STRING, and up to here
// $most: INTEGER, identifiers read of one person
// $never: INTEGER, for a moment that never was
// $limit: INTEGER
// returns: persons: LIST<LIST [id, view_id, kind, resolve_at, events, wide, given_names, family_names, full_names, names,
//   birth_dates, genders, addresses]>, owners: LIST<INTEGER> (places among the persons), keys, assurances, first_seen,
//   last_seen, count, first_bound, last_bound, first_out, ambiguous
MATCH (p:Person)
WHERE p.id > $after AND p.id <= $until
WITH p ORDER BY p.id LIMIT $limit
WITH collect(p) AS found
CALL (found) {
  UNWIND found AS p
  RETURN collect([
    p.id, p.view_id, p.kind, p.resolve_at, COUNT { (p)<-[:OF]-() }, COUNT { (p)-[:HAS]->() } > $most,
    p.given_names, p.family_names, p.full_names, p.names, p.birth_dates, p.genders, p.addresses
  ]) AS persons
}
CALL (found) {
  UNWIND range(0, size(found) - 1) AS owner
  WITH owner, found[owner] AS p
  WHERE COUNT { (p)-[:HAS]->() } <= $most
  MATCH (p)-[h:HAS]->(i:Identifier)
  RETURN collect(owner) AS owners, collect(i.key) AS keys, collect(h.assurance) AS assurances,
         collect(h.first_seen.epochSeconds * 1000000 + h.first_seen.microsecond) AS first_seen,
         collect(h.last_seen.epochSeconds * 1000000 + h.last_seen.microsecond) AS last_seen,
         collect(h.count) AS count,
         collect(coalesce(h.first_bound.epochSeconds * 1000000 + h.first_bound.microsecond, $never)) AS first_bound,
         collect(coalesce(h.last_bound.epochSeconds * 1000000 + h.last_bound.microsecond, $never)) AS last_bound,
         collect(coalesce(h.first_out.epochSeconds * 1000000 + h.first_out.microsecond, $never)) AS first_out,
         collect(CASE WHEN h.ambiguous THEN 1 ELSE 0 END) AS ambiguous
}
RETURN persons, owners, keys, assurances, first_seen, last_seen, count, first_bound, last_bound, first_out, ambiguous
