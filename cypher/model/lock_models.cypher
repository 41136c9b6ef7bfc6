// Locks every version of the model, in the order of their names.
// returns: name, status, version, content, report, compared_with, compared_at
MATCH (m:Model)
WITH m ORDER BY m.name
SET m.name = m.name
WITH m
RETURN m.name AS name, m.status AS status, m.version AS version, m.content AS content, m.report AS report,
       m.compared_with AS compared_with, m.compared_at AS compared_at
