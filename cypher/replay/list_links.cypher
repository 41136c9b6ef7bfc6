// A page of nodes of a label, with what they are related to: other nodes by reference, those of the logs by their id.
// $label: STRING
// $after: STRING, '' for the first page
// $limit: INTEGER
// $logged: LIST<STRING>, labels whose nodes are known by their id
// returns: ref, links: LIST<MAP {type, is_out, ref, label, key, properties}>
MATCH (n:$($label))
WHERE elementId(n) > $after
WITH n ORDER BY elementId(n) LIMIT $limit
RETURN elementId(n) AS ref,
       COLLECT {
         MATCH (n)-[r]-(m)
         WITH n, r, m, head([label IN labels(m) WHERE label IN $logged]) AS label
         // Between two that are kept, a relationship is told by its start only. TARGETS follows from the event.
         WHERE type(r) <> 'TARGETS' AND (label IS NOT NULL OR startNode(r) = n)
         RETURN {type: type(r), is_out: startNode(r) = n, ref: elementId(m), label: label, key: coalesce(m.id, m.key),
                 properties: properties(r)}
       } AS links
ORDER BY ref
