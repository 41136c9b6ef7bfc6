// How many there are of each label and type that the copy holds, and the end of the decision log.
// returns: counts: MAP, seq
RETURN {
  Event: COUNT { (:Event) }, Person: COUNT { (:Person) }, Identifier: COUNT { (:Identifier) },
  Candidate: COUNT { (:Candidate) }, Decision: COUNT { (:Decision) }, Review: COUNT { (:Review) },
  Batch: COUNT { (:Batch) }, Model: COUNT { (:Model) }, Campaign: COUNT { (:Campaign) },
  Artifact: COUNT { (:Artifact) }, Department: COUNT { (:Department) },
  OF: COUNT { ()-[:OF]->() }, CARRIES: COUNT { ()-[:CARRIES]->() }, TARGETS: COUNT { ()-[:TARGETS]->() },
  HAS: COUNT { ()-[:HAS]->() }, PAIRS: COUNT { ()-[:PAIRS]->() }, DECIDES: COUNT { ()-[:DECIDES]->() },
  CONFIRMS: COUNT { ()-[:CONFIRMS]->() }, SUPERSEDES: COUNT { ()-[:SUPERSEDES]->() },
  REVIEWS: COUNT { ()-[:REVIEWS]->() }, PROMOTES: COUNT { ()-[:PROMOTES]->() }, SHARES: COUNT { ()-[:SHARES]->() },
  SAME_AS: COUNT { ()-[:SAME_AS]->() }, NOT_SAME_AS: COUNT { ()-[:NOT_SAME_AS]->() },
  HOUSEHOLD_OF: COUNT { ()-[:HOUSEHOLD_OF]->() }, OWNS: COUNT { ()-[:OWNS]->() }, OFFERS: COUNT { ()-[:OFFERS]->() }
} AS counts, coalesce(COLLECT { MATCH (d:Decision) RETURN max(d.seq) }[0], 0) AS seq
