// Takes back the flags on approved links among these persons: the identifier is not shared any more.
// $ids: LIST<STRING>
// $key: STRING
MATCH (p:Person)-[r:SAME_AS]->(:Person)
WHERE p.id IN $ids AND $key IN r.weakened_by
WITH r, [key IN r.weakened_by WHERE key <> $key] AS others
SET r.weakened_by = CASE WHEN others = [] THEN null ELSE others END,
    r.weakened = CASE WHEN others = [] THEN null ELSE true END
