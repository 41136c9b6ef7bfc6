// Waits until every index can be used, a minute at most.
CALL db.awaitIndexes(60)
