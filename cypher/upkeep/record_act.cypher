// Notes when an act of upkeep was done last, and what it found.
// $name: STRING, `audit` or `backup`
// $failed: INTEGER, invariants that did not hold
// $warned: INTEGER, those that may hold again by themselves
MERGE (h:Head {name: $name})
SET h.at = datetime(), h.failed = $failed, h.warned = $warned
