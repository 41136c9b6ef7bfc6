// Notes that links approved since the comparison are flagged; no row when that was done, or another model is live.
// $promotion: STRING, id of its entry
// returns: name
MATCH (m:Model {status: 'live', promotion: $promotion})
WHERE m.compared_to IS NOT NULL
REMOVE m.compared_to
RETURN m.name AS name
