// Takes a candidate for a while, or says why not.
// $id: STRING
// $actor: STRING
// $name: STRING, of the actor, for others to read
// $version: INTEGER, as it was read; null when it was not
// $now: ZONED DATETIME
// $until: ZONED DATETIME
// returns: id, status, version, decision (of effect), claimed_by, claimed_by_name, claimed_until,
//   refused: 'version'|'claimed'|'status'|null
MATCH (c:Candidate {id: $id})
SET c.kind = c.kind
WITH c, CASE
  WHEN NOT c.status IN ['open', 'claimed'] THEN 'status'
  WHEN c.status = 'claimed' AND c.claimed_by <> $actor AND c.claimed_until > $now THEN 'claimed'
  WHEN $version IS NOT NULL AND c.version <> $version THEN 'version'
END AS refused
FOREACH (_ IN CASE WHEN refused IS NULL THEN [1] ELSE [] END |
  SET c.status = 'claimed', c.claimed_by = $actor, c.claimed_by_name = $name, c.claimed_until = $until, c.updated_at = $now)
RETURN c.id AS id, c.status AS status, c.version AS version, c.decision AS decision, c.claimed_by AS claimed_by,
       c.claimed_by_name AS claimed_by_name,
       toString(c.claimed_until) AS claimed_until, refused
