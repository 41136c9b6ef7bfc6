// How often a decided verdict and that of a second look met.
// returns: purpose, decided, said, count
MATCH (r:Review)
RETURN r.purpose AS purpose, r.decided AS decided, r.verdict AS said, count(*) AS count
ORDER BY purpose, decided, said
