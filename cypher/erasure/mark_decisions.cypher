// Takes out of the log what may name a person: words, evidence and identifiers of the entries about these candidates.
// Their hashes stay, so that the chain holds. What can no longer be read calls nothing shared any more.
// $ids: LIST<STRING>, of candidates
// $erasure: STRING
// returns: id, batch
UNWIND $ids AS id
MATCH (:Candidate {id: id})<-[:DECIDES]-(d:Decision)
SET d.erased = $erasure
REMOVE d.reason, d.note, d.identifiers, d.salt, d.evidence
WITH d
CALL (d) {
  MATCH (d)-[shares:SHARES]->()
  DELETE shares
}
RETURN d.id AS id, d.batch AS batch
