// Records migrations once, whoever applied them first.
// $rows: LIST<MAP {number, name, checksum}> sorted by number
UNWIND $rows AS row
MERGE (m:Migration {number: row.number})
ON CREATE SET m.name = row.name, m.checksum = row.checksum, m.applied_at = datetime()
