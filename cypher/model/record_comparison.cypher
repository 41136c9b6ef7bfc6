// Keeps what a comparison of a model with another found.
// $name: STRING
// $with: STRING
// $report: STRING
// $at: ZONED DATETIME
MATCH (m:Model {name: $name})
SET m.report = $report, m.compared_with = $with, m.compared_at = $at, m.version = m.version + 1
