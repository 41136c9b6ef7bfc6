// Begins a session of a human, or a ticket with which they begin one.
// $hash: STRING, SHA-256 of its secret in hex
// $purpose: STRING, 'session' or 'ticket'
// $human: MAP {id, name, role, department, holder, at_issuer: BOOLEAN}; null is left out
// $at: ZONED DATETIME
// $until: ZONED DATETIME
CREATE (s:Session {hash: $hash, purpose: $purpose, created_at: $at, expires_at: $until})
SET s += $human
