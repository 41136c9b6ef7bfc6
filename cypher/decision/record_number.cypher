// Appends a drawn entry to the decision log, and tells the projections which views it moved. Nothing ever changes an entry;
// what becomes of it is told by later ones.
// $entry: MAP, whole
// $moved: MAP {views: LIST<STRING>; trace: STRING or null, where the change belongs in a trace}
CYPHER replan=skip
MATCH (h:Head {name: 'decisions'})
USING INDEX SEEK h:Head(name)
MATCH (d:Decision {id: $entry.id})
USING INDEX SEEK d:Decision(id)
SET d = $entry, h.seq = $entry.seq, h.hash = $entry.hash
WITH d
UNWIND $moved.views AS view
CREATE (:Outbox {id: randomUUID(), aggregate: 'view', key: view, version: d.seq, at: datetime(), attempts: 0,
                 next_at: datetime(), status: 'waiting', trace: $moved.trace})
