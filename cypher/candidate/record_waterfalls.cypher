// Writes the waterfall of candidates that have none, and the numbers that it adds up to. They say what they said: the
// version stays.
// $rows: LIST<MAP {id, version, p_same, p_household, bits_stranger, bits_household, evidence}> sorted by id
UNWIND $rows AS row
MATCH (c:Candidate {id: row.id})
SET c.kind = c.kind
WITH c, row
WHERE c.version = row.version AND c.evidence IS NULL
SET c.p_same = row.p_same, c.p_household = row.p_household, c.bits_stranger = row.bits_stranger,
    c.bits_household = row.bits_household, c.evidence = row.evidence
