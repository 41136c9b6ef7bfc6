// How many nodes there are, of any kind; Neo4j has them counted.
// returns: nodes
MATCH (n)
RETURN count(n) AS nodes
