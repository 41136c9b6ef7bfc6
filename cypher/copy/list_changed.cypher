// The nodes that may have changed since a moment, and since an entry of the decision log.
// $since: ZONED DATETIME
// $since_text: STRING, the same moment as entries of the log write it
// $seq: INTEGER
// returns: label, ids: LIST<STRING> of elements
CALL () {
  MATCH (e:Event) WHERE e.received_at >= $since
  MATCH (e)-[:OF|CARRIES*0..1]->(n)
  RETURN n
  UNION
  MATCH (e:Event) WHERE e.received_at >= $since
  MATCH (e)-[:OF]->(:Person)-[:HAS]->(n:Identifier)
  RETURN n
  UNION
  MATCH (n:Candidate) WHERE n.updated_at >= $since
  RETURN n
  UNION
  MATCH (d:Decision) WHERE d.seq > $seq
  MATCH (d)-[:SUPERSEDES|CONFIRMS*0..1]->(n)
  RETURN n
  UNION
  MATCH (d:Decision) WHERE d.seq > $seq
  MATCH (p:Person) WHERE p.id IN [d.left, d.right]
  MATCH (f:Person {view_id: p.view_id})-[:HAS*0..1]->(n)
  RETURN n
  UNION
  MATCH (n:Review) WHERE n.at >= $since_text
  RETURN n
  UNION
  MATCH (n:Batch) WHERE n.at >= $since_text
  RETURN n
  UNION
  MATCH (n:Campaign|Artifact|Department|Model)
  RETURN n
}
RETURN labels(n)[0] AS label, collect(DISTINCT elementId(n)) AS ids
