// A page of identifiers that several hold, or whose status or a decision says so.
// $after: STRING, key of the last one before
// $limit: INTEGER
// returns: key
MATCH (i:Identifier)
WHERE i.key > $after AND (i.status <> 'exclusive' OR COUNT { (i)<-[:HAS]-() } > 1
  OR EXISTS { (i)<-[:SHARES]-(:Decision) })
RETURN i.key AS key
ORDER BY key LIMIT $limit
