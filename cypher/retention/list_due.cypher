// The persons of a page of events of a type that are older than they may be, oldest first; those of one moment are on one
// page. The only event of a joined one stays; where all of a person must be due ($whole), all of a joined one does.
// $type: STRING
// $whole: BOOLEAN
// $limits: MAP, by type of event, when those that are kept occurred at the earliest
// $after: ZONED DATETIME, when the last event of the page before occurred
// $before: ZONED DATETIME
// $limit: INTEGER, events
// returns: last: ZONED DATETIME, null where there is no page; persons: LIST<STRING>
CALL () {
  MATCH (e:Event)
  USING INDEX SEEK e:Event(type, occurred_at)
  WHERE e.type = $type AND e.occurred_at > $after AND e.occurred_at < $before
  WITH e ORDER BY e.type, e.occurred_at LIMIT $limit
  RETURN max(e.occurred_at) AS last
}
RETURN last, COLLECT {
  MATCH (e:Event)-[:OF]->(p)
  USING INDEX SEEK e:Event(type, occurred_at)
  WHERE e.type = $type AND e.occurred_at > $after AND e.occurred_at <= last
  WITH DISTINCT p
  WHERE NOT (EXISTS { (p)-[:SAME_AS]-() } AND ($whole OR COUNT { (p)<-[:OF]-() } = 1))
    AND NOT ($whole AND EXISTS { (p)<-[:OF]-(o) WHERE o.occurred_at >= coalesce($limits[o.type], o.occurred_at) })
  RETURN p.id ORDER BY p.id
} AS persons
