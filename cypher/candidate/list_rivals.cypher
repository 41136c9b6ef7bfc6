// How strong the other candidates of a band are that could be meant instead: of either view, or of the same device. What a
// reopened one is of may have been joined since; another candidate of the same two views asks the same, and is no rival.
// $ids: LIST<STRING>
// returns: id, bits, others: LIST<FLOAT>; bits are the smaller of the two
MATCH (c:Candidate)
WHERE c.id IN $ids
MATCH (l:Person {id: c.left})
MATCH (r:Person {id: c.right})
RETURN c.id AS id,
       CASE WHEN c.bits_stranger < c.bits_household THEN c.bits_stranger ELSE c.bits_household END AS bits,
       COLLECT {
         MATCH (p:Person)<-[:PAIRS]-(o:Candidate)
         USING INDEX SEEK p:Person(view_id)
         WHERE p.view_id IN [l.view_id, r.view_id]
           AND o.kind = c.kind AND o.band <> '-' AND o.status IN ['open', 'claimed', 'stored']
           AND (c.kind = 'person' OR o.right = c.right)
           AND EXISTS { (o)-[:PAIRS]->(q:Person) WHERE NOT q.view_id IN [l.view_id, r.view_id] }
         RETURN DISTINCT CASE WHEN o.bits_stranger < o.bits_household THEN o.bits_stranger ELSE o.bits_household END
       } AS others
