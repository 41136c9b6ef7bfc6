// Persons with all that a batch reads of them, in the order of their ids and as lists, which travel lighter than maps.
// $after: STRING, ids from here on
// $until: STRING, and up to here
// $most: INTEGER, identifiers read of one person
// $limit: INTEGER
// returns: id, view_id, kind, resolve_at, stated: LIST<LIST<STRING>>, holds: LIST<LIST> [key, status,
//   degree, assurance, first_seen, last_seen, count, first_bound, last_bound, first_out, ambiguous]
MATCH (p:Person)
WHERE p.id > $after AND p.id <= $until
WITH p ORDER BY p.id LIMIT $limit
RETURN p.id AS id, p.view_id AS view_id, p.kind AS kind, p.resolve_at AS resolve_at,
       [coalesce(p.given_names, []), coalesce(p.family_names, []), coalesce(p.full_names, []), coalesce(p.names, []),
        coalesce(p.birth_dates, []), coalesce(p.genders, []), coalesce(p.addresses, [])] AS stated,
       COLLECT {
         MATCH (p)-[h:HAS]->(i:Identifier)
         WITH h, i ORDER BY h.last_seen DESC, i.key LIMIT $most
         RETURN [i.key, i.status, COUNT { (i)<-[:HAS]-() }, h.assurance,
                 h.first_seen.epochSeconds * 1000000 + h.first_seen.microsecond,
                 h.last_seen.epochSeconds * 1000000 + h.last_seen.microsecond, h.count,
                 h.first_bound.epochSeconds * 1000000 + h.first_bound.microsecond,
                 h.last_bound.epochSeconds * 1000000 + h.last_bound.microsecond,
                 h.first_out.epochSeconds * 1000000 + h.first_out.microsecond, h.ambiguous]
       } AS holds
ORDER BY id
