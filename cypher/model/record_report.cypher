// Writes the report of a model anew, without those who were erased.
// $name: STRING
// $report: STRING
MATCH (m:Model {name: $name})
SET m.report = $report, m.version = m.version + 1
