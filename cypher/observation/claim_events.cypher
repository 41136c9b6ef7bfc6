// Makes the events of these observations, or finds those recorded before; an event without a reply is ours to write.
// $events: LIST<MAP {id, body_hash}> sorted by id
// returns: rows: LIST<MAP {id, body_hash, reply}>
UNWIND $events AS row
MERGE (e:Event {id: row.id})
ON CREATE SET e.body_hash = row.body_hash
RETURN collect({id: e.id, body_hash: e.body_hash, reply: e.reply}) AS rows
