// What the events of a call say of its streams.
// $id: STRING
// $prefix: STRING, with which the ids of its later events begin
// returns: properties (JSON)
MATCH (e:Event) WHERE e.id = $id OR e.id STARTS WITH $prefix
RETURN e.properties AS properties
