// Gives a new campaign to the department that made it.
// $id: STRING
// $department: STRING
MATCH (c:Campaign {id: $id})
MERGE (d:Department {id: $department})
MERGE (d)-[:OWNS]->(c)
