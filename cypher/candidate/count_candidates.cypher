// How many candidates there are of every kind, status and band that there can be, from an index.
// $kinds: LIST<STRING>
// $statuses: LIST<STRING>
// $bands: LIST<STRING>
// returns: kind, status, band, count
UNWIND $kinds AS kind
UNWIND $statuses AS status
UNWIND $bands AS band
WITH kind, status, band, COUNT { MATCH (c:Candidate) WHERE c.status = status AND c.kind = kind AND c.band = band } AS count
WHERE count > 0
RETURN kind, status, band, count
ORDER BY kind, status, band
