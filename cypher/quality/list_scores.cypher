// How the scores of pairs that were scored in a time are spread over ten equal bins of P(same).
// $since: ZONED DATETIME
// $until: ZONED DATETIME
// $most: INTEGER, pairs looked at
// returns: model, bin: INTEGER 0..9, count
MATCH (c:Candidate)
WHERE c.updated_at >= $since AND c.updated_at < $until AND c.kind = 'person'
WITH c LIMIT $most
WHERE c.p_same IS NOT NULL
RETURN c.model AS model, toInteger(CASE WHEN c.p_same >= 1 THEN 9 ELSE floor(c.p_same * 10) END) AS bin, count(*) AS count
ORDER BY model, bin
