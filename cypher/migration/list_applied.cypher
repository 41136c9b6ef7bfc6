// Migrations recorded in this graph.
// returns: number, name, checksum
MATCH (m:Migration)
RETURN m.number AS number, m.name AS name, m.checksum AS checksum
ORDER BY number
