// The lens: views in reach with an enrolment that targets a campaign, each once, by their first enrolment. One that came
// before there was a campaign (`premature`) counts for none. The enrolment itself is in reach of the campaign's
// department; for others, another event of the view must be in reach.
// $id: STRING
// $type: STRING
// $reach: MAP {everything, department, family}
// $after_at: ZONED DATETIME or null, with $after_view where the page before ended
// $after_view: STRING or null
// $limit: INTEGER
// returns: view_id, person_id, kind, event_id, channel, enrolled_at, enrolments
MATCH (e:Event {target_id: $id, type: $type})-[:OF]->(p:Person)
WHERE e.premature IS NULL
WITH e, p ORDER BY e.occurred_at, e.id
WITH p.view_id AS view_id, head(collect({event: e, person: p})) AS first, count(e) AS enrolments
WITH view_id, first.event AS e, first.person AS p, enrolments
WHERE ($after_at IS NULL OR e.occurred_at > $after_at OR (e.occurred_at = $after_at AND view_id > $after_view))
  AND ($reach.everything OR EXISTS {
    MATCH (:Person {view_id: view_id})<-[:OF]-(r:Event)
    WHERE r.type STARTS WITH $reach.family
       OR EXISTS {
         (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: r.target_id})
         WHERE coalesce(own.created_at <= r.received_at, true)
       }
  })
RETURN view_id, p.id AS person_id, p.kind AS kind, e.id AS event_id, e.channel AS channel,
       e.occurred_at AS enrolled_at, enrolments
ORDER BY enrolled_at, view_id LIMIT $limit
