// Makes the events of these observations, or finds those recorded before; an event without a reply is ours to write.
// $events: LIST<MAP {id, body_hash}> sorted by id
// returns: id, body_hash, reply
UNWIND $events AS row
MERGE (e:Event {id: row.id})
ON CREATE SET e.body_hash = row.body_hash
RETURN e.id AS id, e.body_hash AS body_hash, e.reply AS reply
