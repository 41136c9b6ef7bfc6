// The next best pairs of either view of a candidate, best first.
// $id: STRING
// returns: id, left, right, p_same, bits_stranger, bits_household, band, status
MATCH (c:Candidate {id: $id})-[:PAIRS]->(:Person)<-[:PAIRS]-(other:Candidate)
WHERE other <> c AND other.kind = c.kind AND other.status IN ['open', 'claimed', 'stored']
WITH DISTINCT other
RETURN other.id AS id, other.left AS left, other.right AS right, other.p_same AS p_same,
       other.bits_stranger AS bits_stranger, other.bits_household AS bits_household, other.band AS band,
       other.status AS status
ORDER BY p_same DESC, id
LIMIT 3
