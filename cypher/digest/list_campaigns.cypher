// A page of campaigns with what they offer and who owns them.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: key, properties: MAP, links: LIST<LIST>
MATCH (c:Campaign) WHERE c.id > $after
WITH c ORDER BY c.id LIMIT $limit
RETURN c.id AS key, properties(c) AS properties,
       COLLECT {
         MATCH (c)-[r:OFFERS|OWNS]-(n)
         RETURN [type(r), coalesce(n.key, n.id), properties(n)]
         ORDER BY type(r), coalesce(n.key, n.id)
       } AS links
ORDER BY key
