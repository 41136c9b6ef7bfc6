// The keys that these secrets are of, those that are good now: neither revoked nor expired, an old secret until its end.
// $hashes: LIST<STRING>, SHA-256 in hex
// $at: ZONED DATETIME
// returns: hash, id, name, role, department, region, holder, pii, rate, terms, until: ZONED DATETIME or null,
//   used_at: the same
UNWIND $hashes AS hash
CALL (hash) {
  MATCH (k:ApiKey {hash: hash})
  RETURN k, null AS ends
  UNION
  MATCH (k:ApiKey {old_hash: hash})
  WHERE k.old_until > $at
  RETURN k, k.old_until AS ends
}
WITH hash, k, CASE WHEN k.expires_at < ends THEN k.expires_at ELSE coalesce(ends, k.expires_at) END AS until
WHERE k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > $at)
RETURN hash, k.id AS id, k.name AS name, k.role AS role, k.department AS department, k.region AS region,
       k.holder AS holder, coalesce(k.pii, false) AS pii, k.rate AS rate, k.terms AS terms, until, k.last_used_at AS used_at
