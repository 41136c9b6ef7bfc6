// Every node of a label, as it is in the graph.
// $label: STRING
// returns: properties: MAP
MATCH (n:$($label))
RETURN properties(n) AS properties
