// What the copy is a copy of, and how far. One of an older version does not tell how many were erased before it.
// returns: as_of, made_at, seq, format, mask, erasures
MATCH (c:Copy {id: 'copy'})
RETURN c.as_of AS as_of, c.made_at AS made_at, c.seq AS seq, c.format AS format, c.mask AS mask,
       coalesce(c.erasures, -1) AS erasures
