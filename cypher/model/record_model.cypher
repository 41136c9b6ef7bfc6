// Keeps a new version of the model, as a draft. One that has the name already stays as it is.
// $name: STRING
// $content: STRING
// $parent: STRING
// $created_by: STRING
// $report: STRING
// $at: ZONED DATETIME
// returns: content (of the model that has the name now)
MERGE (m:Model {name: $name})
ON CREATE SET m.status = 'draft', m.content = $content, m.parent = $parent, m.created_by = $created_by,
              m.report = $report, m.created_at = $at, m.version = 1
RETURN m.content AS content
