// Persons (views) by the month and the channel of their first event: how many, how many known by now, how many enrolled
// within some days.
// $days: INTEGER, from the first event to the enrolment; default 30
// $since: STRING, first month as 2026-01; null is all; default null
// returns: month, channel, persons, known, enrolled
MATCH (e:Event)-[:OF]->(p:Person)
WITH p.view_id AS view, e ORDER BY e.occurred_at, e.id
WITH view, collect(e)[0] AS first
WITH view, first, left(toString(first.occurred_at), 7) AS month
WHERE $since IS NULL OR month >= $since
WITH month, first.channel AS channel,
     EXISTS { MATCH (:Person {view_id: view, kind: 'known'}) } AS is_known,
     EXISTS {
       MATCH (n:Event {type: 'campaign.enrolled'})-[:OF]->(:Person {view_id: view})
       WHERE n.premature IS NULL AND n.occurred_at <= first.occurred_at + duration({days: $days})
     } AS is_enrolled
RETURN month, channel, count(*) AS persons, sum(CASE WHEN is_known THEN 1 ELSE 0 END) AS known,
       sum(CASE WHEN is_enrolled THEN 1 ELSE 0 END) AS enrolled
ORDER BY month, persons DESC, channel
