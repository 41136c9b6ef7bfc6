// How many known views stated each value of a property.
// $field: STRING, a list property of Person
// returns: value, views
MATCH (p:Person {kind: 'known'})
UNWIND coalesce(p[$field], []) AS value
RETURN value, count(DISTINCT p.view_id) AS views
