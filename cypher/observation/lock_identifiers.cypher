// Makes or finds identifiers, locks them in the order given, and says who holds them.
// An identifier of more holders than $hub has none that could be told apart.
// $identifiers: LIST<MAP {key, kind, value, status, tombstone}> sorted by key; tombstone is null where there is no key
// $hub: INTEGER
// returns: rows: LIST<MAP {key, status, degree, called_shared, erased: MAP {at, suppressed}, holders: LIST<MAP {person_id,
//   view_id, kind, assurance, bound, first_seen, last_seen, first_bound, last_bound, last_out}>, heard}>; moments in epoch
//   microseconds, but that of an erasure
CYPHER replan=skip
UNWIND $identifiers AS row
MERGE (i:Identifier {key: row.key})
ON CREATE SET i.status = row.status
SET i.kind = row.kind, i.value = row.value
WITH i, row, COUNT { (i)<-[:HAS]-() } AS degree
RETURN collect({
  key: i.key, status: i.status, heard: i.heard_at, degree: degree, called_shared: EXISTS { (i)<-[:SHARES]-() },
  erased: head(COLLECT { MATCH (t:Tombstone {hash: row.tombstone}) RETURN {at: t.at, suppressed: t.suppressed} }),
  holders: CASE WHEN degree = 0 OR degree > $hub THEN [] ELSE COLLECT {
    MATCH (i)<-[h:HAS]-(p)
    RETURN {person_id: p.id, view_id: p.view_id, kind: p.kind, assurance: h.assurance,
            bound: coalesce(h.current, false),
            first_seen: h.first_seen.epochSeconds * 1000000 + h.first_seen.microsecond,
            last_seen: h.last_seen.epochSeconds * 1000000 + h.last_seen.microsecond,
            first_bound: h.first_bound.epochSeconds * 1000000 + h.first_bound.microsecond,
            last_bound: h.last_bound.epochSeconds * 1000000 + h.last_bound.microsecond,
            last_out: h.last_out.epochSeconds * 1000000 + h.last_out.microsecond}
    ORDER BY p.id
  } END
}) AS rows
