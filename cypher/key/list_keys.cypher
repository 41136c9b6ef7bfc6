// Keys without their hashes, oldest first.
// $after: ZONED DATETIME, with $after_id where the page before ended
// $after_id: STRING
// $limit: INTEGER
// returns: id, name, role, department, region, holder, pii, rate, terms, created_at, expires_at, rotated_at,
//   last_used_at, revoked_at
MATCH (k:ApiKey)
WHERE k.created_at > $after OR (k.created_at = $after AND k.id > $after_id)
WITH k ORDER BY k.created_at, k.id LIMIT $limit
RETURN k.id AS id, k.name AS name, k.role AS role, k.department AS department, k.region AS region, k.holder AS holder,
       coalesce(k.pii, false) AS pii, k.rate AS rate, k.terms AS terms,
       toString(k.created_at) AS created_at, toString(k.expires_at) AS expires_at, toString(k.rotated_at) AS rotated_at,
       toString(k.last_used_at) AS last_used_at, toString(k.revoked_at) AS revoked_at
ORDER BY k.created_at, k.id
