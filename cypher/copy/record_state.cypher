// The copy is complete, and as the graph was at a moment.
// $state: MAP {as_of, made_at, seq, format, mask, erasures}
MERGE (c:Copy {id: 'copy'})
SET c += $state
