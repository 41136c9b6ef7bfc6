// The labels that are in use, or once were.
// returns: label
CALL db.labels() YIELD label
RETURN label
ORDER BY label
