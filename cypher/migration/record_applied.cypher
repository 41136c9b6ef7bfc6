// Records a migration once, whoever applied it first.
// $number: INTEGER
// $name: STRING
// $checksum: STRING
MERGE (m:Migration {number: $number})
ON CREATE SET m.name = $name, m.checksum = $checksum, m.applied_at = datetime()
