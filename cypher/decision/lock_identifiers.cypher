// Locks identifiers in the order given, so that no observation attributes by them meanwhile.
// $keys: LIST<STRING> sorted
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
SET i.kind = i.kind
