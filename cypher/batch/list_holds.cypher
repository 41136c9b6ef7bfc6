// The newest identifiers that persons hold, as `list_persons` has them; owners by their ids.
// $ids: LIST<STRING>
// $most: INTEGER, identifiers read of one person
// $never: INTEGER, for a moment that never was
// returns: owners: LIST<STRING>, keys, assurances, first_seen, last_seen, count, first_bound, last_bound, first_out,
//   ambiguous
UNWIND $ids AS id
CALL (id) {
  MATCH (:Person {id: id})-[h:HAS]->(i:Identifier)
  RETURN h, i ORDER BY h.last_seen DESC, i.key LIMIT $most
}
RETURN collect(id) AS owners, collect(i.key) AS keys, collect(h.assurance) AS assurances,
       collect(h.first_seen.epochSeconds * 1000000 + h.first_seen.microsecond) AS first_seen,
       collect(h.last_seen.epochSeconds * 1000000 + h.last_seen.microsecond) AS last_seen,
       collect(h.count) AS count,
       collect(coalesce(h.first_bound.epochSeconds * 1000000 + h.first_bound.microsecond, $never)) AS first_bound,
       collect(coalesce(h.last_bound.epochSeconds * 1000000 + h.last_bound.microsecond, $never)) AS last_bound,
       collect(coalesce(h.first_out.epochSeconds * 1000000 + h.first_out.microsecond, $never)) AS first_out,
       collect(CASE WHEN h.ambiguous THEN 1 ELSE 0 END) AS ambiguous
