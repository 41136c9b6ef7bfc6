// The funnel of each campaign, in persons as they are seen now (views): met by any event, known by a strong identifier,
// enrolled, negotiating afterwards.
// $campaign: STRING, its id; null is all of them; default null
// $enrolled: STRING, type of the event that enrols; default "campaign.enrolled"
// returns: campaign, status, met, known, enrolled, negotiating, enrolled_of_met
MATCH (c:Campaign)
WHERE $campaign IS NULL OR c.id = $campaign
OPTIONAL MATCH (e:Event {target_id: c.id})-[:OF]->(p:Person)
WHERE e.type IS NOT NULL AND e.premature IS NULL
WITH c, p.view_id AS view, min(CASE WHEN e.type = $enrolled THEN e.occurred_at END) AS enrolled_at,
     max(CASE WHEN p.kind = 'known' THEN 1 ELSE 0 END) AS known
WITH c, view, enrolled_at, known, EXISTS {
       MATCH (n:Event)-[:OF]->(:Person {view_id: view})
       WHERE n.type STARTS WITH 'negotiation.' AND n.occurred_at >= enrolled_at
     } AS negotiates
WITH c, count(view) AS met, sum(CASE WHEN view IS NULL THEN 0 ELSE known END) AS known, count(enrolled_at) AS enrolled,
     sum(CASE WHEN negotiates THEN 1 ELSE 0 END) AS negotiating
RETURN c.id AS campaign, c.status AS status, met, known, enrolled, negotiating,
       CASE WHEN met > 0 THEN round(toFloat(enrolled) / met, 4) END AS enrolled_of_met
ORDER BY met DESC, campaign
