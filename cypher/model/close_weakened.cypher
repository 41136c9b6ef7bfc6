// Takes back the flags that promotions of models set on approved links: another model judges them now.
MATCH (:Person)-[r:SAME_AS {weakened: true}]->(:Person)
WITH r, [id IN r.weakened_by WHERE NOT EXISTS { (:Decision {id: id, entry: 'model'}) }] AS others
WHERE size(others) < size(r.weakened_by)
SET r.weakened_by = CASE WHEN others = [] THEN null ELSE others END,
    r.weakened = CASE WHEN others = [] THEN null ELSE true END
