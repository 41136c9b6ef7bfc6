// A page of the person candidates that stand decided, with the verdict of effect.
// $after: STRING, '' for the first page
// $since: INTEGER, the seq of the log after which it took effect; -1 for all
// $limit: INTEGER
// returns: id, left, right, verdict, propensity (null: nobody was asked), decision, seq, at
MATCH (c:Candidate)
WHERE c.id > $after AND c.status = 'decided' AND c.kind = 'person'
  AND c.verdict IN ['same', 'household', 'different', 'shared_identifier', 'retract']
  AND ($since < 0 OR EXISTS {
    MATCH (:Decision {id: c.decision})<-[:CONFIRMS]-{0,1}(d:Decision) WHERE d.seq > $since
  })
WITH c ORDER BY c.id LIMIT $limit
MATCH (d:Decision {id: c.decision})
RETURN c.id AS id, c.left AS left, c.right AS right, c.verdict AS verdict,
       CASE WHEN c.band = '-' THEN c.propensity ELSE coalesce(c.propensity, 1.0) END AS propensity,
       d.id AS decision, d.seq AS seq, d.at AS at
ORDER BY id
