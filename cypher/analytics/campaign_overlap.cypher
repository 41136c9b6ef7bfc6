// Pairs of campaigns that the same persons (views) enrolled in, and how large a part of both that is (Jaccard).
// $enrolled: STRING, type of the event that enrols; default "campaign.enrolled"
// $at_least: INTEGER, fewest persons in common; default 1
// returns: left, right, both, left_only, right_only, jaccard
MATCH (e:Event {type: $enrolled})-[:OF]->(p:Person)
WHERE e.target_id IS NOT NULL AND e.premature IS NULL
WITH p.view_id AS view, collect(DISTINCT e.target_id) AS campaigns
WITH collect({campaigns: campaigns}) AS views
CALL (views) {
  UNWIND views AS one
  UNWIND one.campaigns AS campaign
  WITH campaign, count(*) AS persons
  RETURN collect({campaign: campaign, persons: persons}) AS sizes
}
UNWIND views AS one
UNWIND one.campaigns AS left
UNWIND one.campaigns AS right
WITH sizes, left, right
WHERE left < right
WITH sizes, left, right, count(*) AS both
WHERE both >= $at_least
WITH left, right, both, [s IN sizes WHERE s.campaign = left | s.persons][0] AS in_left,
     [s IN sizes WHERE s.campaign = right | s.persons][0] AS in_right
RETURN left, right, both, in_left - both AS left_only, in_right - both AS right_only,
       round(toFloat(both) / (in_left + in_right - both), 4) AS jaccard
ORDER BY both DESC, left, right
