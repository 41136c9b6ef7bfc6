// I6: events that are not of the person whom they were given to when they were accepted.
// $limit: INTEGER
// returns: id
MATCH (e:Event)-[:OF]->(p:Person)
WHERE NOT e.reply CONTAINS '"person_id": "' + p.id + '"'
RETURN e.id AS id
ORDER BY id LIMIT $limit
