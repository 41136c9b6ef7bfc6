// How many events target a campaign, counted up to a number.
// $campaign: STRING
// $most: INTEGER
// returns: events
MATCH (e:Event {target_id: $campaign})
WITH e LIMIT $most
RETURN count(e) AS events
