// The priors that were last estimated from this graph.
// returns: prior_same, prior_household, persons, fitted, levels: STRING, JSON list of [comparison, level, m]
MATCH (h:Head {name: 'priors'})
RETURN h.prior_same AS prior_same, h.prior_household AS prior_household, h.persons AS persons,
       h.fitted AS fitted, h.levels AS levels
