// How many candidates of the queue have evidence of each group that speaks for one person, and how many were reopened.
// $status: STRING
// $kind: STRING
// returns: group, count
CALL () {
  MATCH (c:Candidate)
  USING INDEX c:Candidate(status, kind, value, id, band, groups, created_at)
  WHERE c.status = $status AND c.kind = $kind AND c.value > 0 AND c.id IS NOT NULL
    AND c.band IS NOT NULL AND c.groups IS NOT NULL AND c.created_at IS NOT NULL
  UNWIND c.groups AS group
  RETURN group
  UNION ALL
  MATCH (c:Candidate)
  USING INDEX c:Candidate(status, kind, reopened_at)
  WHERE c.status = $status AND c.kind = $kind AND c.reopened_at IS NOT NULL
  RETURN 'reopened' AS group
}
RETURN group, count(*) AS count
ORDER BY group
