// Persons with all that a batch reads of them, in the order of their ids. One row of lists, and times in epoch
// microseconds: rows, maps and temporal values take the driver several times as long.
// $after: STRING, ids from here on
// $until: STRING, and up to here
// $most: INTEGER, identifiers read of one person
// $limit: INTEGER
// returns: found: LIST<LIST [id, view_id, kind, resolve_at, given_names, family_names, full_names, names, birth_dates,
//   genders, addresses, holds: LIST<LIST [key, assurance, first_seen, last_seen, count, first_bound, last_bound,
//   first_out, ambiguous, status, degree]>]>
MATCH (p:Person)
WHERE p.id > $after AND p.id <= $until
WITH p ORDER BY p.id LIMIT $limit
RETURN collect([
  p.id, p.view_id, p.kind, p.resolve_at,
  p.given_names, p.family_names, p.full_names, p.names, p.birth_dates, p.genders, p.addresses,
  COLLECT {
    MATCH (p)-[h:HAS]->(i:Identifier)
    WITH i, h, h.first_seen AS first, h.last_seen AS last, h.first_bound AS login, h.last_bound AS relogin,
         h.first_out AS logout ORDER BY last DESC, i.key LIMIT $most
    RETURN [
      i.key, h.assurance, first.epochSeconds * 1000000 + first.microsecond,
      last.epochSeconds * 1000000 + last.microsecond, h.count,
      login.epochSeconds * 1000000 + login.microsecond, relogin.epochSeconds * 1000000 + relogin.microsecond,
      logout.epochSeconds * 1000000 + logout.microsecond, h.ambiguous, i.status, COUNT { (i)<-[:HAS]-() }
    ]
  }
]) AS found
