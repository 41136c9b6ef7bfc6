// I6: events that are not of the person whom they were given to when they were accepted, but for those being erased.
// $limit: INTEGER
// returns: id
MATCH (e:Event)-[:OF]->(p:Person)
WHERE p.erasure IS NULL AND NOT e.reply CONTAINS '"person_id": "' + p.id + '"'
RETURN e.id AS id
ORDER BY id LIMIT $limit
