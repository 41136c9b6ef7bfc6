// How many persons of any kind there are; answered from the count store.
// returns: persons
MATCH (p:Person)
RETURN count(p) AS persons
