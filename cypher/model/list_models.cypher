// All versions of the model, the oldest first.
// returns: name, status, parent, created_at, created_by, compared_with, compared_at, promoted_at, version
MATCH (m:Model)
RETURN m.name AS name, m.status AS status, m.parent AS parent, toString(m.created_at) AS created_at,
       m.created_by AS created_by, m.compared_with AS compared_with, toString(m.compared_at) AS compared_at,
       toString(m.promoted_at) AS promoted_at, m.version AS version
ORDER BY m.created_at, name
