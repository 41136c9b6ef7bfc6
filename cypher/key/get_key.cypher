// The key of a secret's hash, unless it was revoked.
// $hash: STRING, SHA-256 in hex
// returns: id, name, role, department, region, holder, terms, pii: BOOLEAN
MATCH (k:ApiKey {hash: $hash})
WHERE k.revoked_at IS NULL
RETURN k.id AS id, k.name AS name, k.role AS role, k.department AS department, k.region AS region,
       k.holder AS holder, k.terms AS terms, coalesce(k.pii, false) AS pii
