// A page of events with what they are attached to.
// $after: STRING, '' for the first page
// $limit: INTEGER
// returns: key, properties: MAP, links: LIST<LIST>
MATCH (e:Event) WHERE e.id > $after
WITH e ORDER BY e.id LIMIT $limit
RETURN e.id AS key, properties(e) AS properties,
       COLLECT {
         MATCH (e)-[r:OF|CARRIES|TARGETS]->(n)
         RETURN [type(r), coalesce(n.id, n.key), r.assurance]
         ORDER BY type(r), coalesce(n.id, n.key), r.assurance
       } AS links
ORDER BY key
