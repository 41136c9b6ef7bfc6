// How many events target a campaign, counted up to a number.
// $campaign: STRING
// $most: INTEGER
// returns: events
MATCH (e:Event)
USING INDEX e:Event(target_id, type)
WHERE e.target_id = $campaign AND e.type IS NOT NULL
WITH e LIMIT $most
RETURN count(e) AS events
