// How strong the other candidates of a band are that could be meant instead: of either person, or of the same device.
// $ids: LIST<STRING>
// returns: id, bits, others: LIST<FLOAT>; bits are the smaller of the two
MATCH (c:Candidate)
WHERE c.id IN $ids
RETURN c.id AS id,
       CASE WHEN c.bits_stranger < c.bits_household THEN c.bits_stranger ELSE c.bits_household END AS bits,
       COLLECT {
         MATCH (c)-[:PAIRS]->(:Person)<-[:PAIRS]-(o:Candidate)
         WHERE o <> c AND o.kind = c.kind AND o.band <> '-' AND o.status IN ['open', 'claimed', 'stored']
           AND (c.kind = 'person' OR o.right = c.right)
         RETURN DISTINCT CASE WHEN o.bits_stranger < o.bits_household THEN o.bits_stranger ELSE o.bits_household END
       } AS others
