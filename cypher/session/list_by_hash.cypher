// The humans whose sessions these are, those that go on now.
// $hashes: LIST<STRING>, SHA-256 in hex
// $at: ZONED DATETIME
// $used_since: ZONED DATETIME, from which on it must have been used
// returns: hash, id, name, role, department, holder, until: ZONED DATETIME, used_at: ZONED DATETIME
UNWIND $hashes AS hash
MATCH (s:Session {hash: hash})
WHERE s.purpose = 'session' AND s.expires_at > $at AND coalesce(s.used_at, s.created_at) > $used_since
RETURN hash, s.id AS id, s.name AS name, s.role AS role, s.department AS department, s.holder AS holder,
       s.expires_at AS until, coalesce(s.used_at, s.created_at) AS used_at
