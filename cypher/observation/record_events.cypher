// Writes events that were claimed, with what they carry, each on its one person, who is founded where there is none yet;
// and that these persons hold it. A hold seen only where it could not anchor (A5) is ambiguous and proposes nothing. Of a
// weak one, first and last login and logout are kept and the best proof of a login, the same for any order of arrival;
// and to whom it was bound last.
// $rows: LIST<MAP {id, founded: MAP, events: LIST<MAP {id, event: MAP, occurred_at, received_at, carries: LIST<MAP {key,
//   assurance}>}>, holds: LIST<MAP {key, assurance, count, first, last, ambiguous, bound, out: LIST [first, last], proves,
//   heard, current, moves}>}>; moments in epoch microseconds, null where there is nothing; heard where a binding
//   changed: to this person, if current, else to nobody; and moves where others hold it too
CYPHER replan=skip
UNWIND $rows AS row
MERGE (p:Person {id: row.id})
ON CREATE SET p += row.founded
WITH p, row
CALL (p, row) {
  UNWIND row.events AS sent
  MATCH (e:Event {id: sent.id})
  SET e += sent.event
  SET e.occurred_at = datetime.fromEpoch(sent.occurred_at / 1000000, sent.occurred_at % 1000000 * 1000),
      e.received_at = datetime.fromEpoch(sent.received_at / 1000000, sent.received_at % 1000000 * 1000)
  CREATE (e)-[:OF]->(p)
  WITH e, sent
  CALL (e, sent) {
    UNWIND sent.carries AS carried
    MATCH (i:Identifier {key: carried.key})
    CREATE (e)-[:CARRIES {assurance: carried.assurance}]->(i)
  }
  WITH e, sent WHERE sent.event.target_id IS NOT NULL
  MATCH (c:Campaign {id: sent.event.target_id})
  CREATE (e)-[:TARGETS]->(c)
}
UNWIND row.holds AS hold
MATCH (i:Identifier {key: hold.key})
MERGE (p)-[h:HAS]->(i)
ON CREATE SET h.assurance = hold.assurance, h.count = hold.count, h.ambiguous = hold.ambiguous,
  h.first_seen = datetime.fromEpoch(hold.first / 1000000, hold.first % 1000000 * 1000),
  h.last_seen = datetime.fromEpoch(hold.last / 1000000, hold.last % 1000000 * 1000)
ON MATCH SET h.count = h.count + hold.count, h.ambiguous = h.ambiguous AND hold.ambiguous,
  h.assurance = CASE WHEN h.assurance = 'verified' OR hold.assurance = 'observed' THEN h.assurance
                     WHEN h.assurance = 'asserted' AND hold.assurance <> 'verified' THEN h.assurance
                     ELSE hold.assurance END,
  h.first_seen = CASE WHEN hold.first < h.first_seen.epochSeconds * 1000000 + h.first_seen.microsecond
                      THEN datetime.fromEpoch(hold.first / 1000000, hold.first % 1000000 * 1000)
                      ELSE h.first_seen END,
  h.last_seen = CASE WHEN hold.last > h.last_seen.epochSeconds * 1000000 + h.last_seen.microsecond
                     THEN datetime.fromEpoch(hold.last / 1000000, hold.last % 1000000 * 1000)
                     ELSE h.last_seen END
WITH h, hold, i,
  [at IN hold.bound | datetime.fromEpoch(at / 1000000, at % 1000000 * 1000)] AS bound,
  [at IN hold.out | datetime.fromEpoch(at / 1000000, at % 1000000 * 1000)] AS out
WHERE hold.bound IS NOT NULL OR hold.out IS NOT NULL
SET h.first_bound = CASE WHEN h.first_bound <= bound[0] THEN h.first_bound ELSE coalesce(bound[0], h.first_bound) END,
    h.last_bound = CASE WHEN h.last_bound >= bound[1] THEN h.last_bound ELSE coalesce(bound[1], h.last_bound) END,
    h.first_out = CASE WHEN h.first_out <= out[0] THEN h.first_out ELSE coalesce(out[0], h.first_out) END,
    h.last_out = CASE WHEN h.last_out >= out[1] THEN h.last_out ELSE coalesce(out[1], h.last_out) END,
    h.proven = CASE WHEN hold.proves = 'verified' THEN hold.proves ELSE coalesce(h.proven, hold.proves) END,
    h.current = CASE WHEN hold.heard IS NULL THEN h.current ELSE hold.current END,
    i.heard_at = coalesce(hold.heard, i.heard_at)
WITH h, hold, i WHERE hold.moves
MATCH (i)<-[other:HAS]-() WHERE other.current AND other <> h
SET other.current = null
