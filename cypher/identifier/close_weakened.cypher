// Takes back the flags that one cause set on approved links among these persons.
// $ids: LIST<STRING>
// $cause: STRING
MATCH (p:Person)-[r:SAME_AS]->(:Person)
WHERE p.id IN $ids AND ($cause IN r.weakened_by OR $cause IN r.acknowledged)
WITH r, [one IN r.weakened_by WHERE one <> $cause] AS others, [one IN r.acknowledged WHERE one <> $cause] AS left
SET r.weakened_by = CASE WHEN others <> [] THEN others END,
    r.weakened = CASE WHEN others <> [] THEN true END,
    r.acknowledged = CASE WHEN left <> [] THEN left END
