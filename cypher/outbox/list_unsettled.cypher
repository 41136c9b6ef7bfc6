// What entries of an aggregate are about that were written some time ago and are not carried: they wait, or are dead.
// $aggregate: STRING
// $within: FLOAT, seconds
// $limit: INTEGER
// returns: key
MATCH (o:Outbox) WHERE o.aggregate = $aggregate AND o.status IN ['waiting', 'dead']
  AND o.at <= datetime() - duration({milliseconds: toInteger($within * 1000)})
RETURN DISTINCT o.key AS key LIMIT $limit
