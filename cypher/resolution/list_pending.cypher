// Persons whose pairs wait to be scored, longest waiting first: of those who came alone and of those who came in bulk
// so many each. While bulk keeps coming, or many events do, only those of it have their turn who have waited long; so it
// is with those who come alone while many wait and more keep coming. A mark that lies further ahead than any is put off
// was made by a clock that was set back since.
// $due: INTEGER, epoch microseconds
// $bulk: INTEGER, where the marks of bulk begin
// $bulk_due: INTEGER
// $quiet: INTEGER, bulk marked later than this keeps coming
// $long: INTEGER, bulk marked earlier than this has waited long
// $fresh: INTEGER, who is marked later than this, alone, keeps coming
// $hurried: INTEGER, who is marked earlier than this has waited long
// $many: INTEGER
// $since: ZONED DATETIME, so many events received later than this and by $now keep coming
// $now: ZONED DATETIME
// $beyond: INTEGER, epoch microseconds; further ahead nobody is put off
// $limit: INTEGER
// returns: waiting: LIST<MAP {id, view_id, resolve_at}>, live: STRING, the name of the model that is live, read after
//   the marks; null where nobody has touched the models yet. No row when nobody waits
CYPHER replan=skip
OPTIONAL CALL () {
  CALL () {
    MATCH (p:Person) WHERE p.resolve_at > $quiet AND p.resolve_at <= $bulk_due
    RETURN p AS found LIMIT 1
    UNION ALL
    MATCH (e:Event)
    USING INDEX SEEK e:Event(received_at)
    WHERE e.received_at > $since AND e.received_at <= $now
    WITH e LIMIT $many
    WITH count(e) AS found WHERE found >= $many
    RETURN found
  }
  RETURN $long AS bulk_until LIMIT 1
}
OPTIONAL CALL () {
  MATCH (p:Person) WHERE p.resolve_at > $fresh AND p.resolve_at <= $due
  WITH p LIMIT 1
  MATCH (q:Person) WHERE q.resolve_at <= $due
  WITH q LIMIT $many
  WITH count(q) AS waiting
  WHERE waiting >= $many
  RETURN $hurried AS alone_until
}
CALL (bulk_until, alone_until) {
  MATCH (p:Person) WHERE p.resolve_at <= coalesce(alone_until, $due) AND p.resolve_at < $bulk
  RETURN p ORDER BY p.resolve_at LIMIT $limit
  UNION ALL
  MATCH (p:Person) WHERE p.resolve_at >= $bulk AND p.resolve_at <= coalesce(bulk_until, $bulk_due)
  RETURN p ORDER BY p.resolve_at LIMIT $limit
  UNION ALL
  MATCH (p:Person) WHERE p.resolve_at > $beyond AND p.resolve_at < $bulk
  RETURN p ORDER BY p.resolve_at LIMIT $limit
  UNION ALL
  MATCH (p:Person) WHERE p.resolve_at > $bulk + $beyond
  RETURN p ORDER BY p.resolve_at LIMIT $limit
}
WITH collect({id: p.id, view_id: p.view_id, resolve_at: p.resolve_at}) AS waiting
WHERE size(waiting) > 0
OPTIONAL MATCH (m:Model {status: 'live'})
RETURN waiting, m.name AS live
