// When each act of upkeep was done last, and what it found.
// returns: name, failed, warned, age in seconds
MATCH (h:Head)
WHERE h.name IN ['audit', 'backup']
RETURN h.name AS name, h.failed AS failed, h.warned AS warned,
       (datetime().epochMillis - h.at.epochMillis) / 1000.0 AS age
ORDER BY name
