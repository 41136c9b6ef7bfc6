// The fragments of views with all that scoring reads of them. One row of lists, and times in epoch microseconds:
// rows, maps and temporal values take the driver several times as long.
// $views: LIST<STRING>
// $most: INTEGER, identifiers read of one fragment
// returns: found: LIST<LIST [id, view_id, kind, given_names, family_names, full_names, names, birth_dates, genders,
//   addresses, holds: LIST<LIST [key, assurance, count, first_seen, last_seen, first_bound, last_bound, first_out]>]>
CYPHER replan=skip
UNWIND $views AS view
MATCH (p:Person {view_id: view})
USING INDEX SEEK p:Person(view_id)
WITH p ORDER BY p.view_id, p.id
RETURN collect([
  p.id, p.view_id, p.kind,
  p.given_names, p.family_names, p.full_names, p.names, p.birth_dates, p.genders, p.addresses,
  COLLECT {
    MATCH (p)-[h:HAS]->(i)
    WITH i.key AS key, h ORDER BY h.last_seen DESC, key LIMIT $most
    RETURN [key, h.assurance, h.count] + [
      at IN [h.first_seen, h.last_seen, h.first_bound, h.last_bound, h.first_out] |
      at.epochSeconds * 1000000 + at.microsecond
    ]
  }
]) AS found
