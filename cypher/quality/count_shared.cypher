// Identifiers that are not one person's, by status and kind and by how many persons hold them.
// $bounds: LIST<INTEGER>, the least of each bin, ascending
// returns: status, kind, at_least, identifiers
MATCH (i:Identifier)
WHERE i.status IN ['suspected', 'shared', 'blocked']
WITH i.status AS status, i.kind AS kind, COUNT { (i)<-[:HAS]-() } AS degree
WITH status, kind, last([bound IN $bounds WHERE bound <= degree]) AS at_least
RETURN status, kind, at_least, count(*) AS identifiers
ORDER BY status, kind, at_least
