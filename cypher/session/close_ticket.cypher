// Takes a ticket, which is good once: whose it is.
// $hash: STRING
// $at: ZONED DATETIME
// returns: id, name, role, department, holder
MATCH (s:Session {hash: $hash})
SET s.purpose = s.purpose
WITH s
WHERE s.purpose = 'ticket' AND s.expires_at > $at
WITH s, s.id AS id, s.name AS name, s.role AS role, s.department AS department, s.holder AS holder
DELETE s
RETURN id, name, role, department, holder
