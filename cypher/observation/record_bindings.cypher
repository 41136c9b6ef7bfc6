// Says to whom a weak identifier was last bound by a strong one; nobody, when its sitting ended.
// $bindings: LIST<MAP {key, person_id}>
UNWIND $bindings AS row
MATCH (i:Identifier {key: row.key})<-[h:HAS]-(p:Person)
WHERE h.current OR p.id = row.person_id
SET h.current = CASE WHEN p.id = row.person_id THEN true END
