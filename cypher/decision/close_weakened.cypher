// Takes back the flags that a decision set on approved links among these persons.
// $ids: LIST<STRING>
// $decision: STRING
MATCH (p:Person)-[r:SAME_AS]->(:Person)
WHERE p.id IN $ids AND $decision IN r.weakened_by
WITH r, [id IN r.weakened_by WHERE id <> $decision] AS others
SET r.weakened_by = CASE WHEN others = [] THEN null ELSE others END,
    r.weakened = CASE WHEN others = [] THEN null ELSE true END
