// I13: what is about nobody any more, and what an erasure left behind.
// $limit: INTEGER
// returns: id
CALL () {
  MATCH (i:Identifier) WHERE NOT EXISTS { (i)<-[:HAS]-() } AND NOT EXISTS { (i)<-[:CARRIES]-() }
  RETURN 'identifier ' + i.key AS id
  UNION
  MATCH (k:BlockingKey) WHERE NOT EXISTS { (k)<-[:KEYED]-() }
  RETURN 'blocking key ' + k.key AS id
  UNION
  MATCH (v:Value) WHERE NOT EXISTS { (v)<-[:STATED]-() }
  RETURN 'value ' + v.key AS id
  UNION
  MATCH (c:Candidate) WHERE COUNT { (c)-[:PAIRS]->(:Person) } <> 2
  RETURN 'candidate ' + c.id AS id
  UNION
  MATCH (r:Review) WHERE NOT EXISTS { (r)-[:REVIEWS]->(:Candidate) }
  RETURN 'review ' + r.id AS id
  UNION
  MATCH (p:Person) WHERE p.erasure IS NOT NULL AND NOT EXISTS { (:Erasure {id: p.erasure, status: 'erasing'}) }
  RETURN 'person ' + p.id AS id
  UNION
  MATCH (x:Erasure {status: 'done'}) WHERE x.forget IS NOT NULL
  RETURN 'erasure ' + x.id AS id
  UNION
  MATCH (d:Decision) WHERE d.parted IS NOT NULL
    AND (d.reason IS NOT NULL OR d.note IS NOT NULL OR d.salt IS NOT NULL OR d.evidence IS NOT NULL)
  RETURN 'decision ' + d.id AS id
  UNION
  MATCH (d:Decision) WHERE d.erased IS NOT NULL
    AND (d.reason IS NOT NULL OR d.note IS NOT NULL OR d.evidence IS NOT NULL OR d.identifiers IS NOT NULL
      OR (d.erased <> 'before this copy' AND NOT EXISTS { (:Erasure {id: d.erased}) }))
  RETURN 'decision ' + d.id AS id
}
RETURN id
ORDER BY id LIMIT $limit
