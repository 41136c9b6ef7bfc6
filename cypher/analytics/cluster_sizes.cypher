// How many fragments are joined into one person (a view), and how many events those have.
// $kind: STRING, known, device or unattributed fragments only; null is all; default null
// returns: fragments, persons, events, most_events
MATCH (p:Person)
WHERE $kind IS NULL OR p.kind = $kind
WITH p.view_id AS view, count(*) AS fragments, sum(COUNT { (p)<-[:OF]-(:Event) }) AS of_view
RETURN fragments, count(*) AS persons, sum(of_view) AS events, max(of_view) AS most_events
ORDER BY fragments
