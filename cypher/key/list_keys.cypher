// All keys, oldest first, without their hashes.
// returns: id, name, role, department, region, holder, pii, created_at, revoked_at
MATCH (k:ApiKey)
RETURN k.id AS id, k.name AS name, k.role AS role, k.department AS department, k.region AS region, k.holder AS holder,
       coalesce(k.pii, false) AS pii,
       toString(k.created_at) AS created_at, toString(k.revoked_at) AS revoked_at
ORDER BY k.created_at, k.id
