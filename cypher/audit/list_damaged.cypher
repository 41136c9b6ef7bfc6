// I4: evidence that was read and is not what its hash says.
// $limit: INTEGER
// returns: id
MATCH (v:Evidence) WHERE v.damaged_at IS NOT NULL
RETURN 'evidence ' + v.sha256 AS id LIMIT $limit
