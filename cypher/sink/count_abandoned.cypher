// How many campaigns may still stand at sinks that were given up, by sink.
// returns: sink, kind, campaigns
MATCH (a:Abandonment)
RETURN a.sink AS sink, a.kind AS kind, sum(size(a.campaigns)) AS campaigns
ORDER BY sink, kind
