// Locks a key, and says what it may.
// $id: STRING
// returns: terms: STRING or null, JSON
MATCH (k:ApiKey {id: $id})
SET k.id = k.id
RETURN k.terms AS terms
