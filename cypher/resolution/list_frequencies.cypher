// How many known views stated each value. Above $exact holders it is their number as the store keeps it, fragments of
// one view counted each: no more is read of a value than that, however common it is.
// $keys: LIST<STRING>
// $exact: INTEGER
// returns: found: LIST<LIST [key, views]>
UNWIND $keys AS key
MATCH (v:Value {key: key})
WITH v, COUNT { (v)<-[:STATED]-() } AS holders
RETURN collect([
  v.key,
  CASE WHEN holders > $exact THEN holders
  ELSE size(COLLECT { MATCH (v)<-[:STATED]-(p:Person) RETURN DISTINCT p.view_id }) END
]) AS found
