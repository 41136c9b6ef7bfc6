// Names of the indexes (those behind constraints too) that can be used.
// returns: name
SHOW INDEXES YIELD name, state
WHERE state = 'ONLINE'
RETURN name
