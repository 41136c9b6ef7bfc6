// Locks persons in the order of their ids and reads what they stated and hold, as `list_fragments` does.
// $ids: LIST<STRING>
// $most: INTEGER, identifiers read of one person
// returns: found: LIST<LIST [id, view_id, kind, given_names, family_names, full_names, names, birth_dates, genders,
//   addresses, holds: LIST<LIST [key, assurance, first_seen, last_seen, count]>]>
MATCH (p:Person)
WHERE p.id IN $ids
WITH p ORDER BY p.id
SET p.kind = p.kind
RETURN collect([
  p.id, p.view_id, p.kind,
  p.given_names, p.family_names, p.full_names, p.names, p.birth_dates, p.genders, p.addresses,
  COLLECT {
    MATCH (p)-[h:HAS]->(i:Identifier)
    WITH i.key AS key, h, h.first_seen AS first, h.last_seen AS last ORDER BY last DESC, key LIMIT $most
    RETURN [
      key, h.assurance, first.epochSeconds * 1000000 + first.microsecond,
      last.epochSeconds * 1000000 + last.microsecond, h.count
    ]
  }
]) AS found
