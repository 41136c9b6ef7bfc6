// Writes what scoring found. A decision is never overwritten: only what still waits for one takes new evidence.
// $rows: LIST<MAP {id, left, right, kind, status, p_same, p_household, bits_stranger, bits_household, band, value, model,
//   evidence}> sorted by id
// $at: ZONED DATETIME
// returns: proposed
UNWIND $rows AS row
MATCH (l:Person {id: row.left})
MATCH (r:Person {id: row.right})
MERGE (c:Candidate {id: row.id})
ON CREATE SET c.kind = row.kind, c.left = row.left, c.right = row.right, c.status = 'superseded', c.version = 0,
              c.created_at = $at
MERGE (c)-[:PAIRS]->(l)
MERGE (c)-[:PAIRS]->(r)
WITH c, row
WHERE c.status IN ['open', 'claimed', 'stored', 'superseded']
  AND (c.evidence IS NULL OR c.evidence <> row.evidence OR c.status = 'superseded')
SET c.status = CASE WHEN c.status = 'claimed' AND row.status = 'open' THEN 'claimed' ELSE row.status END,
    c.p_same = row.p_same, c.p_household = row.p_household, c.bits_stranger = row.bits_stranger,
    c.bits_household = row.bits_household, c.band = row.band, c.value = row.value, c.model = row.model,
    c.evidence = row.evidence, c.version = c.version + 1, c.updated_at = $at
RETURN count(c) AS proposed
