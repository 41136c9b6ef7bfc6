// Identifiers that stand otherwise than at first.
// returns: found: LIST<LIST [key, status]>
MATCH (i:Identifier)
WHERE i.status IN ['suspected', 'shared', 'blocked']
RETURN collect([i.key, i.status]) AS found
