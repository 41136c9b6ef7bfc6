// Decided candidates that somebody is due to look at again, blind: neither their own or confirmed by them, nor one they looked at already.
// $kind: STRING
// $human: STRING
// $limit: INTEGER
// returns: id
MATCH (c:Candidate)
WHERE c.check IN ['gold', 'recheck'] AND c.status = 'decided' AND ($kind IS NULL OR c.kind = $kind)
  AND NOT EXISTS { (:Review {human: $human})-[:REVIEWS]->(c) }
  AND NOT EXISTS {
    MATCH (d:Decision {id: c.decision})
    WHERE toLower(coalesce(d.holder, d.actor)) = $human
      OR EXISTS { MATCH (d)<-[:CONFIRMS]-(second:Decision) WHERE toLower(coalesce(second.holder, second.actor)) = $human }
  }
RETURN c.id AS id
ORDER BY c.id
LIMIT $limit
