// Makes a model live in the place of another, with its entry of the decision log. What follows is due from here on.
// $name: STRING
// $replaces: STRING
// $entry: MAP
// $at: ZONED DATETIME
// $since: INTEGER, seq of the log up to which approved links were compared
MATCH (h:Head {name: 'decisions'})
MATCH (m:Model {name: $name})
MATCH (before:Model {name: $replaces})
CREATE (d:Decision)-[:PROMOTES]->(m)
SET d = $entry, h.seq = $entry.seq, h.hash = $entry.hash,
    before.status = 'retired', before.version = before.version + 1,
    m.status = 'live', m.promoted_at = $at, m.version = m.version + 1,
    m.compared_to = $since, m.promotion = $entry.id, m.marked_to = ''
REMOVE before.compared_to, before.promotion, before.marked_to
