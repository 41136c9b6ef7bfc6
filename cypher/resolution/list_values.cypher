// All values and how many known views stated each, as `list_frequencies` counts them, a page at a time.
// $after: STRING, the last key of the page before, '' at first
// $exact: INTEGER
// $limit: INTEGER
// returns: found: LIST<LIST [key, views]>
MATCH (v:Value)
WHERE v.key > $after
WITH v, COUNT { (v)<-[:STATED]-() } AS holders ORDER BY v.key LIMIT $limit
RETURN collect([
  v.key,
  CASE WHEN holders > $exact THEN holders
  ELSE size(COLLECT { MATCH (v)<-[:STATED]-(p:Person) RETURN DISTINCT p.view_id }) END
]) AS found
