// How long it takes from the first event of a person (a view) to their enrolment in a campaign, in hours.
// $campaign: STRING, its id; null is all of them; default null
// $enrolled: STRING, type of the event that enrols; default "campaign.enrolled"
// returns: campaign, enrolled, at_once, median_hours, p90_hours, longest_hours
MATCH (e:Event {type: $enrolled})-[:OF]->(p:Person)
WHERE e.target_id IS NOT NULL AND e.premature IS NULL AND ($campaign IS NULL OR e.target_id = $campaign)
WITH e.target_id AS campaign, p.view_id AS view, min(e.occurred_at) AS enrolled_at
MATCH (first:Event)-[:OF]->(:Person {view_id: view})
WITH campaign, view, enrolled_at, min(first.occurred_at) AS met_at
WITH campaign, duration.inSeconds(met_at, enrolled_at).seconds / 3600.0 AS hours
RETURN campaign, count(*) AS enrolled, sum(CASE WHEN hours = 0 THEN 1 ELSE 0 END) AS at_once,
       round(percentileCont(hours, 0.5), 2) AS median_hours, round(percentileCont(hours, 0.9), 2) AS p90_hours,
       round(max(hours), 2) AS longest_hours
ORDER BY enrolled DESC, campaign
