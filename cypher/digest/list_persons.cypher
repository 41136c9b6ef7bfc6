// A page of persons with what they hold.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: key, properties: MAP, links: LIST<LIST>
MATCH (p:Person) WHERE p.id > $after
WITH p ORDER BY p.id LIMIT $limit
RETURN p.id AS key, properties(p) AS properties,
       COLLECT {
         MATCH (p)-[h:HAS]->(i:Identifier)
         RETURN ['HAS', i.key, properties(h)]
         ORDER BY i.key, h.count
       } AS links
ORDER BY key
