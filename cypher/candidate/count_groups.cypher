// How many candidates of the queue have evidence of each group that speaks for one person, and how many were reopened.
// $status: STRING
// $kind: STRING
// returns: group, count
MATCH (c:Candidate)
WHERE c.status = $status AND c.kind = $kind AND c.value > 0
UNWIND coalesce(c.groups, []) + CASE WHEN c.reopened IS NULL THEN [] ELSE ['reopened'] END AS group
RETURN group, count(*) AS count
ORDER BY group
