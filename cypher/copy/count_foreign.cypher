// Nodes that no copy holds: this database is somebody's else.
// $labels: LIST<STRING>
// returns: foreign
MATCH (n) WHERE NOT labels(n)[0] IN $labels
RETURN count(n) AS foreign
