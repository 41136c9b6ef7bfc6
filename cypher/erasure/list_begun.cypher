// Erasures of persons whose events are not all gone yet.
// returns: id, persons: LIST<STRING>
MATCH (x:Erasure {status: 'erasing'})
RETURN x.id AS id, COLLECT { MATCH (p:Person {erasure: x.id}) RETURN p.id ORDER BY p.id } AS persons
ORDER BY x.at
