// The holder of the key of this id, where it is good now: neither revoked nor expired.
// $id: STRING
// $at: ZONED DATETIME
// returns: id, name, role, department, region, holder, pii, terms
MATCH (k:ApiKey {id: $id})
WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $at)
RETURN k.id AS id, k.name AS name, k.role AS role, k.department AS department, k.region AS region, k.holder AS holder,
       coalesce(k.pii, false) AS pii, k.terms AS terms
