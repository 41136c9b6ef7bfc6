// Of some candidates, those decided ones that somebody is due to look at again, blind.
// $ids: LIST<STRING>
// $human: STRING
// returns: id, version, left, right, band
MATCH (c:Candidate)
USING INDEX SEEK c:Candidate(id)
WHERE c.id IN $ids AND c.check IN ['gold', 'recheck'] AND c.status = 'decided'
  AND NOT EXISTS { (:Review {human: $human})-[:REVIEWS]->(c) }
  AND NOT EXISTS {
    MATCH (d:Decision {id: c.decision})
    WHERE toLower(coalesce(d.holder, d.actor)) = $human
      OR EXISTS { MATCH (d)<-[:CONFIRMS]-(second:Decision) WHERE toLower(coalesce(second.holder, second.actor)) = $human }
  }
RETURN c.id AS id, c.version AS version, c.left AS left, c.right AS right, c.band AS band
