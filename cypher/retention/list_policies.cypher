// For how long events are kept, by type; those of other types are kept for good.
// returns: type, days, actor, actor_name, at
MATCH (r:Retention)
RETURN r.type AS type, r.days AS days, r.actor AS actor, r.actor_name AS actor_name, toString(r.at) AS at
ORDER BY type
