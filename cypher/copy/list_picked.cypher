// Some nodes with the relationships that leave them.
// $ids: LIST<STRING> of elements
// $types: LIST<STRING>
// returns: label, properties: MAP, links: LIST<MAP {type, properties, label, end: MAP}>
MATCH (n) WHERE elementId(n) IN $ids
RETURN labels(n)[0] AS label, properties(n) AS properties,
       COLLECT {
         MATCH (n)-[r]->(m) WHERE type(r) IN $types
         RETURN {type: type(r), properties: properties(r), label: labels(m)[0],
                 end: m {.id, .key, .name, .kind, .campaign_id}}
       } AS links
