// Makes the events of these observations, or finds those recorded before; an event without a reply is ours to write.
// One that was erased is no more to be written; its tombstone is looked for after its lock was taken.
// $events: LIST<MAP {id, body_hash, tombstone}> sorted by id; tombstone is null where there is no key for any
// returns: rows: LIST<MAP {id, body_hash, reply, erased}>
CYPHER replan=skip
UNWIND $events AS row
MERGE (e:Event {id: row.id})
ON CREATE SET e.body_hash = row.body_hash
RETURN collect({id: e.id, body_hash: e.body_hash, reply: e.reply,
                erased: EXISTS { (:Tombstone {hash: row.tombstone}) }}) AS rows
