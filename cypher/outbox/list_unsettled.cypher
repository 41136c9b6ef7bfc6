// What entries of an aggregate are about that wait and were written some time ago.
// $aggregate: STRING
// $within: FLOAT, seconds
// $limit: INTEGER
// returns: key
MATCH (o:Outbox) WHERE o.aggregate = $aggregate AND o.status = 'waiting'
  AND o.at <= datetime() - duration({milliseconds: toInteger($within * 1000)})
RETURN DISTINCT o.key AS key LIMIT $limit
