// Takes back the flags that one cause set on approved links among these persons.
// $ids: LIST<STRING>
// $cause: STRING
MATCH (p:Person)-[r:SAME_AS]->(:Person)
WHERE p.id IN $ids AND $cause IN r.weakened_by
WITH r, [one IN r.weakened_by WHERE one <> $cause] AS others
SET r.weakened_by = CASE WHEN others = [] THEN null ELSE others END,
    r.weakened = CASE WHEN others = [] THEN null ELSE true END
