// The priors that were last estimated from this graph.
// returns: prior_same, prior_household, persons
MATCH (h:Head {name: 'priors'})
RETURN h.prior_same AS prior_same, h.prior_household AS prior_household, h.persons AS persons
