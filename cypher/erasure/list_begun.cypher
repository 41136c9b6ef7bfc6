// Erasures of persons whose events are not all gone yet. A run of retention is none: it ends by itself, and an older
// version gives one the same status.
// returns: id, persons: LIST<STRING>
MATCH (x:Erasure {status: 'erasing'})
WHERE NOT EXISTS { (:Decision {id: x.entry, verdict: 'expire'}) }
RETURN x.id AS id, COLLECT { MATCH (p:Person {erasure: x.id}) RETURN p.id ORDER BY p.id } AS persons
ORDER BY x.at
