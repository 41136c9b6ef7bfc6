// Stores a key by the hash of its secret; the first record of a hash stays.
// $hash: STRING, SHA-256 in hex
// $id: STRING
// $name: STRING
// $role: STRING
// $department: STRING or null
// $region: STRING or null, ISO 3166 alpha-2
// $holder: STRING or null, the human who holds it
// $terms: STRING or null, JSON: what a channel's key may say
// $pii: BOOLEAN, whether personal values are shown to it
// $at: ZONED DATETIME
// returns: id
MERGE (k:ApiKey {hash: $hash})
ON CREATE SET k.id = $id, k.name = $name, k.role = $role, k.department = $department, k.region = $region,
              k.holder = $holder, k.terms = $terms, k.pii = $pii,
              k.created_at = $at
RETURN k.id AS id
