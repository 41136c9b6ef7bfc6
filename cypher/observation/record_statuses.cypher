// Marks identifiers whose holder was contradicted; what is shared or blocked already stays so.
// $keys: LIST<STRING>
UNWIND $keys AS key
MATCH (i:Identifier {key: key})
WHERE i.status = 'exclusive'
SET i.status = 'suspected'
