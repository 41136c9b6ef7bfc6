// An entry of an aggregate that waits and was written some time ago, if there is one.
// $aggregate: STRING
// $within: FLOAT, seconds
// returns: id
MATCH (o:Outbox) WHERE o.aggregate = $aggregate AND o.status = 'waiting'
  AND o.at <= datetime() - duration({milliseconds: toInteger($within * 1000)})
RETURN o.id AS id LIMIT 1
