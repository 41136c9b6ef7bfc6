// Waits until every index can be used.
// $seconds: INTEGER, how long at most
CALL db.awaitIndexes($seconds)
