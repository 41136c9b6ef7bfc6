// Has decided candidates looked at again, blind; without a purpose, not any more.
// $ids: LIST<STRING> sorted
// $check: STRING, 'gold' or 'recheck', or null
// returns: id
UNWIND $ids AS id
MATCH (c:Candidate {id: id})
SET c.kind = c.kind
WITH c
WHERE $check IS NULL OR (c.status = 'decided' AND c.verdict IN ['same', 'household', 'different', 'shared_identifier'])
SET c.check = $check
RETURN c.id AS id
