// Appends a drawn entry to the decision log. Nothing ever changes it; what becomes of it is told by later entries.
// $entry: MAP, whole
MATCH (h:Head {name: 'decisions'})
MATCH (d:Decision {id: $entry.id})
SET d = $entry, h.seq = $entry.seq, h.hash = $entry.hash
