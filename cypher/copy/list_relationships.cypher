// Every relationship of a type with what names its ends.
// $type: STRING
// returns: start_label, start: MAP, end_label, end: MAP, properties: MAP
MATCH (a)-[r:$($type)]->(b)
RETURN labels(a)[0] AS start_label, a {.id, .key, .name, .kind, .campaign_id} AS start,
       labels(b)[0] AS end_label, b {.id, .key, .name, .kind, .campaign_id} AS end, properties(r) AS properties
