// Says to whom a weak identifier was last bound by a strong one; nobody, when its sitting ended.
// $bindings: LIST<MAP {key, person_id, heard}>; heard, in epoch microseconds, is kept as it is where it is null
CYPHER replan=skip
UNWIND $bindings AS row
MATCH (i:Identifier {key: row.key})
SET i.heard_at = coalesce(row.heard, i.heard_at)
WITH i, row
MATCH (i)<-[h:HAS]-(p)
WHERE h.current OR p.id = row.person_id
SET h.current = CASE WHEN p.id = row.person_id THEN true END
