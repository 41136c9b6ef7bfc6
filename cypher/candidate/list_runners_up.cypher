// The next best pairs of either view of a candidate, best first; one of the same two views asks the same.
// $id: STRING
// returns: id, left, right, p_same, bits_stranger, bits_household, band, status, left_name, right_name
MATCH (c:Candidate {id: $id})-[:PAIRS]->(one:Person)
WITH c, collect(one.view_id) AS views
MATCH (p:Person)<-[:PAIRS]-(other:Candidate)
USING INDEX SEEK p:Person(view_id)
WHERE p.view_id IN views AND other.kind = c.kind AND other.status IN ['open', 'claimed', 'stored']
  AND EXISTS { (other)-[:PAIRS]->(q:Person) WHERE NOT q.view_id IN views }
WITH DISTINCT other ORDER BY other.p_same DESC, other.id LIMIT 3
MATCH (l:Person {id: other.left})
MATCH (r:Person {id: other.right})
RETURN other.id AS id, other.left AS left, other.right AS right, other.p_same AS p_same,
       other.bits_stranger AS bits_stranger, other.bits_household AS bits_household, other.band AS band,
       other.status AS status,
       coalesce(head(l.given_names) + ' ' + head(l.family_names), head(l.full_names), head(l.family_names),
                head(l.given_names)) AS left_name,
       coalesce(head(r.given_names) + ' ' + head(r.family_names), head(r.full_names), head(r.family_names),
                head(r.given_names)) AS right_name
ORDER BY p_same DESC, id
