// One version of the model with its content and its report, both JSON.
// $name: STRING
// returns: name, status, parent, created_at, created_by, compared_with, compared_at, promoted_at, version, content, report
MATCH (m:Model {name: $name})
RETURN m.name AS name, m.status AS status, m.parent AS parent, toString(m.created_at) AS created_at,
       m.created_by AS created_by, m.compared_with AS compared_with, toString(m.compared_at) AS compared_at,
       toString(m.promoted_at) AS promoted_at, m.version AS version, m.content AS content, m.report AS report
