// Stores a key by the hash of its secret, unless a key has or had this secret: then that one stays as it is.
// $hash: STRING, SHA-256 in hex
// $id: STRING
// $fields: MAP {name, role, department, region, holder, pii, terms: JSON, rate, expires_at, created_at}; null is left out
// returns: id
OPTIONAL MATCH (was:ApiKey) WHERE $hash IN was.past
WITH head(collect(was.id)) AS known
CALL (known) {
  WITH known WHERE known IS NULL
  MERGE (k:ApiKey {hash: $hash})
  ON CREATE SET k += $fields, k.id = $id
  RETURN k.id AS id
  UNION
  WITH known WHERE known IS NOT NULL
  RETURN known AS id
}
RETURN id
