// I11: deliveries that are known by anything but the ids of a campaign and a sink of ours, or that hold more than we say.
// $limit: INTEGER
// $known: LIST<STRING>, the properties that a delivery may have
// returns: id
MATCH (d:Delivery)
WHERE d.id <> d.campaign_id + '@' + d.sink_id
   OR NOT EXISTS { (d)-[:TO]->(:Sink {id: d.sink_id}) }
   OR any(name IN keys(d) WHERE NOT name IN $known)
RETURN d.id AS id
ORDER BY id LIMIT $limit
