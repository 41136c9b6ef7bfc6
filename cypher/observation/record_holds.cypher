// Writes which identifiers an event carries, and that its person holds them.
// A hold seen only where it could not anchor (A5) is ambiguous and proposes nothing. Of a weak one, the first and last
// login and the first and last logout are kept, and the best proof of a login: minima and maxima, the same for any order
// of arrival.
// $rows: LIST<MAP {event_id, person_id, key, assurance, occurred_at, ambiguous, binds, ends, proves}>;
//   occurred_at in epoch microseconds
UNWIND $rows AS sent
WITH sent {.*, occurred_at: datetime({epochSeconds: sent.occurred_at / 1000000,
                                      nanosecond: sent.occurred_at % 1000000 * 1000})} AS row
MATCH (e:Event {id: row.event_id})
MATCH (i:Identifier {key: row.key})
MATCH (p:Person {id: row.person_id})
CREATE (e)-[:CARRIES {assurance: row.assurance}]->(i)
MERGE (p)-[h:HAS]->(i)
ON CREATE SET h.assurance = row.assurance, h.first_seen = row.occurred_at, h.last_seen = row.occurred_at,
              h.count = 0, h.ambiguous = true
WITH row, h, {observed: 1, asserted: 2, verified: 3} AS rank
SET h.assurance = CASE WHEN rank[row.assurance] > rank[h.assurance] THEN row.assurance ELSE h.assurance END,
    h.first_seen = CASE WHEN row.occurred_at < h.first_seen THEN row.occurred_at ELSE h.first_seen END,
    h.last_seen = CASE WHEN row.occurred_at > h.last_seen THEN row.occurred_at ELSE h.last_seen END,
    h.first_bound = CASE WHEN row.binds AND (h.first_bound IS NULL OR row.occurred_at < h.first_bound)
                         THEN row.occurred_at ELSE h.first_bound END,
    h.last_bound = CASE WHEN row.binds AND (h.last_bound IS NULL OR row.occurred_at > h.last_bound)
                        THEN row.occurred_at ELSE h.last_bound END,
    h.first_out = CASE WHEN row.ends AND (h.first_out IS NULL OR row.occurred_at < h.first_out)
                       THEN row.occurred_at ELSE h.first_out END,
    h.last_out = CASE WHEN row.ends AND (h.last_out IS NULL OR row.occurred_at > h.last_out)
                      THEN row.occurred_at ELSE h.last_out END,
    h.proven = CASE WHEN row.proves = 'verified' THEN row.proves ELSE coalesce(h.proven, row.proves) END,
    h.count = h.count + 1,
    h.ambiguous = h.ambiguous AND row.ambiguous
