// Makes a delivery due at once: whoever worked on it had lost it meanwhile, so what is there now is not known.
// $id: STRING
MATCH (d:Delivery {id: $id})
SET d.status = 'waiting', d.next_at = datetime(), d.asked_at = coalesce(d.asked_at, datetime())
