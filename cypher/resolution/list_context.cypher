// What scoring must know beside two profiles: how common values are, how identifiers are used, and what was decided of
// the pairs before.
// How many known views stated a value: above $exact holders it is their number as the store keeps it, fragments of one
// view counted each; no more is read of a value than that, however common it is. How many known views hold an
// identifier is counted up to $hub. Decided are candidates of pairs of views that are scored again, with the evidence
// that each was decided on; joined pairs are none of them: who is one view is not scored against itself.
// $asked: MAP {values: LIST<STRING>, keys of values; identifiers: LIST<STRING>, keys; pairs: LIST<STRING>, ids of
//   candidates as their pairs name them; apart: LIST<MAP {id, left, right}>, pairs of views that a decision keeps apart}
// $exact: INTEGER
// $hub: INTEGER
// returns: frequencies: LIST<LIST [key, views]>, uses: LIST<LIST [key, status, holders]>,
//   decided: LIST<MAP {pair (id of the pair), id, left, right, decision, evidence}>, of a pair the last decision first
CYPHER replan=skip
CALL () {
  UNWIND $asked.values AS key
  MATCH (v:Value {key: key})
  USING INDEX SEEK v:Value(key)
  WITH v, COUNT { (v)<-[:STATED]-() } AS holders
  RETURN collect([
    v.key,
    CASE WHEN holders > $exact THEN holders
    ELSE size(COLLECT { MATCH (v)<-[:STATED]-(p) RETURN DISTINCT p.view_id }) END
  ]) AS frequencies
}
CALL () {
  UNWIND $asked.identifiers AS key
  MATCH (i:Identifier {key: key})
  USING INDEX SEEK i:Identifier(key)
  RETURN collect([
    key, i.status,
    CASE WHEN COUNT { (i)<-[:HAS]-() } > $hub THEN $hub + 1
    ELSE size(COLLECT { MATCH (i)<-[:HAS]-(p {kind: 'known'}) RETURN DISTINCT p.view_id }) END
  ]) AS uses
}
CALL () {
  CALL () {
    UNWIND $asked.pairs AS id
    MATCH (c:Candidate {id: id})
    USING INDEX SEEK c:Candidate(id)
    RETURN id AS pair, c
    UNION
    UNWIND $asked.apart AS pair
    MATCH (l:Person {view_id: pair.left})-[n:NOT_SAME_AS]-(r)
    USING INDEX SEEK l:Person(view_id)
    WHERE r.view_id = pair.right
    MATCH (d:Decision {id: n.decision})-[:DECIDES]->(c)
    USING INDEX SEEK d:Decision(id)
    RETURN pair.id AS pair, c
  }
  WITH pair, c
  WHERE c.status = 'decided' AND c.decision IS NOT NULL AND c.verdict <> 'same'
  MATCH (d:Decision {id: c.decision})
  USING INDEX SEEK d:Decision(id)
  WITH pair, c, d ORDER BY pair, d.seq DESC
  RETURN collect({pair: pair, id: c.id, left: c.left, right: c.right, decision: c.decision,
                  evidence: coalesce(d.evidence, c.evidence)}) AS decided
}
RETURN frequencies, uses, decided
