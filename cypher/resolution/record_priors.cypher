// Keeps the priors that were estimated from this graph.
// $prior_same: FLOAT, expected duplicates of a person
// $prior_household: FLOAT, expected co-residents of a person
// $persons: INTEGER, known views at that time
// $fitted: STRING, the model that they were fitted from
// $levels: STRING, JSON list of [comparison, level, m]
// $at: ZONED DATETIME
MERGE (h:Head {name: 'priors'})
SET h.prior_same = $prior_same, h.prior_household = $prior_household, h.persons = $persons, h.at = $at,
    h.fitted = $fitted, h.levels = $levels
