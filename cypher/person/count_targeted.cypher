// How many events of a view target a campaign of a department: more than none makes it that department's lead.
// $view_id: STRING
// $department: STRING
// returns: events
MATCH (:Department {id: $department})-[:OWNS]->(c:Campaign)
MATCH (e:Event {target_id: c.id})-[:OF]->(:Person {view_id: $view_id})
RETURN count(e) AS events
