// How many there are of each label and type that the copy holds, and the end of the decision log.
// returns: counts: MAP, seq
RETURN {
  Event: COUNT { (:Event) }, Person: COUNT { (:Person) }, Identifier: COUNT { (:Identifier) },
  Candidate: COUNT { (:Candidate) }, Decision: COUNT { (:Decision) }, Review: COUNT { (:Review) },
  Batch: COUNT { (:Batch) }, Model: COUNT { (:Model) }, Campaign: COUNT { (:Campaign) },
  Artifact: COUNT { (:Artifact) }, Department: COUNT { (:Department) },
  OF: COUNT { (:Event)-[:OF]->() }, CARRIES: COUNT { (:Event)-[:CARRIES]->() },
  TARGETS: COUNT { (:Event)-[:TARGETS]->() }, HAS: COUNT { (:Person)-[:HAS]->() },
  PAIRS: COUNT { (:Candidate)-[:PAIRS]->() }, DECIDES: COUNT { (:Decision)-[:DECIDES]->() },
  CONFIRMS: COUNT { (:Decision)-[:CONFIRMS]->() }, SUPERSEDES: COUNT { (:Decision)-[:SUPERSEDES]->() },
  REVIEWS: COUNT { (:Review)-[:REVIEWS]->() }, PROMOTES: COUNT { (:Decision)-[:PROMOTES]->() },
  SHARES: COUNT { (:Decision)-[:SHARES]->() }, SAME_AS: COUNT { (:Person)-[:SAME_AS]->() },
  NOT_SAME_AS: COUNT { (:Person)-[:NOT_SAME_AS]->() }, HOUSEHOLD_OF: COUNT { (:Person)-[:HOUSEHOLD_OF]->() },
  OWNS: COUNT { (:Department)-[:OWNS]->() }, OFFERS: COUNT { (:Campaign)-[:OFFERS]->() }
} AS counts, coalesce(COLLECT { MATCH (h:Head {name: 'decisions'}) RETURN h.seq }[0], 0) AS seq
