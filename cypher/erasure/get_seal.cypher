// By what the key of the tombstones is known, once there is one.
// returns: check
MATCH (h:Head {name: 'seal'})
RETURN h.check AS check
