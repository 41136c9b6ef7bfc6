// I9: what touches a campaign, its artifacts or its department and is none of what may: only events lead on to persons.
// $limit: INTEGER
// returns: id
CALL () {
  MATCH (n:Campaign)--(other) WHERE NOT other:Event AND NOT other:Artifact AND NOT other:Department
  RETURN n, other
  UNION ALL
  MATCH (n:Artifact|Department)--(other) WHERE NOT other:Campaign
  RETURN n, other
}
RETURN DISTINCT coalesce(n.id, n.key) + ' – ' + coalesce(other.id, other.key, labels(other)[0], 'nothing') AS id
ORDER BY id LIMIT $limit
