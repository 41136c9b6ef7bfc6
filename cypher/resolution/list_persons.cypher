// Single persons with what they stated and hold, as `list_fragments` reads them.
// $ids: LIST<STRING>
// $most: INTEGER, identifiers read of one person
// returns: found: LIST<LIST [id, view_id, kind, given_names, family_names, full_names, names, birth_dates, genders,
//   addresses, holds: LIST<LIST [key, assurance, count, first_seen, last_seen, first_bound, last_bound, first_out]>,
//   resolve_at]>
CYPHER replan=skip
UNWIND $ids AS id
MATCH (p:Person {id: id})
USING INDEX SEEK p:Person(id)
// The mark is read first: whoever changes meanwhile has another one than is told here.
WITH p, p.resolve_at AS mark ORDER BY p.id
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
  },
  mark
]) AS found
