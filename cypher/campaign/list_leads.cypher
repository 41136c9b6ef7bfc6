// The lens: views in reach with an enrolment that targets a campaign, each once, by their first enrolment. One that came
// before there was a campaign (`premature`) counts for none. The enrolment itself is in reach of the campaign's
// department; for others, another event of the view must be in reach. So many enrolments are walked in their order; a
// view whose first lies before where the walk begins was met by an earlier one.
// $id: STRING
// $type: STRING
// $reach: MAP {everything, department, family}
// $after_at: ZONED DATETIME, with $after_id where the walk before ended
// $after_id: STRING, an event's
// $most: INTEGER, enrolments that are walked
// returns: leads: LIST<MAP {view_id, person_id, kind, event_id, channel, enrolled_at, enrolments}>, walked: INTEGER,
//   last_at and last_id: where the walk ended; null where nothing was walked
CALL () {
  MATCH (e:Event)
  USING INDEX SEEK e:Event(target_id, type, occurred_at, id)
  WHERE e.target_id = $id AND e.type = $type AND e.occurred_at = $after_at AND e.id > $after_id
    AND e.premature IS NULL
  RETURN e ORDER BY e.target_id, e.type, e.occurred_at, e.id LIMIT $most
  UNION ALL
  MATCH (e:Event)
  USING INDEX SEEK e:Event(target_id, type, occurred_at, id)
  WHERE e.target_id = $id AND e.type = $type AND e.occurred_at > $after_at AND e.id IS NOT NULL
    AND e.premature IS NULL
  RETURN e ORDER BY e.target_id, e.type, e.occurred_at, e.id LIMIT $most
}
WITH e ORDER BY e.occurred_at, e.id LIMIT $most
WITH collect(e) AS walk
CALL (walk) {
  UNWIND walk AS e
  MATCH (e)-[:OF]->(p)
  WITH DISTINCT p.view_id AS view_id
  CALL (view_id) {
    MATCH (p:Person {view_id: view_id})<-[:OF]-(e)
    USING INDEX SEEK p:Person(view_id)
    WHERE e.target_id = $id AND e.type = $type AND e.premature IS NULL
    WITH p, e ORDER BY e.occurred_at, e.id
    WITH collect({event: e, person: p})[0] AS first, count(*) AS enrolments
    RETURN first.event AS e, first.person AS p, enrolments
  }
  WITH view_id, e, p, enrolments
  WHERE (e.occurred_at > $after_at OR (e.occurred_at = $after_at AND e.id > $after_id))
    AND ($reach.everything OR EXISTS {
      MATCH (q:Person {view_id: view_id})<-[:OF]-(r)
      USING INDEX SEEK q:Person(view_id)
      WHERE r.type STARTS WITH $reach.family
         OR EXISTS {
           (:Department {id: $reach.department})-[:OWNS]->(own:Campaign {id: r.target_id})
           WHERE coalesce(own.created_at <= r.received_at, true)
         }
    })
  WITH view_id, e, p, enrolments ORDER BY e.occurred_at, e.id
  RETURN collect({view_id: view_id, person_id: p.id, kind: p.kind, event_id: e.id, channel: e.channel,
                  enrolled_at: e.occurred_at, enrolments: enrolments}) AS leads
}
RETURN leads, size(walk) AS walked, walk[-1].occurred_at AS last_at, walk[-1].id AS last_id
