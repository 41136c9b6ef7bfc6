// By what the key of the tombstones is known, once there is one, and how many verdicts are kept by hashes.
// returns: check, verdicts
MATCH (h:Head {name: 'seal'})
RETURN h.check AS check, coalesce(h.verdicts, 0) AS verdicts
