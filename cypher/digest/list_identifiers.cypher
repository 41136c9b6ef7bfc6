// A page of identifiers.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: key, properties: MAP, links: LIST<LIST>, empty
MATCH (i:Identifier) WHERE i.key > $after
RETURN i.key AS key, properties(i) AS properties, [] AS links
ORDER BY key LIMIT $limit
