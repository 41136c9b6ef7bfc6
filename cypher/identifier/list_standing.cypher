// A page of identifiers of one status, those that most hold first.
// $status: STRING
// $degree: INTEGER, of the last item before
// $key: STRING, of the last item before
// $limit: INTEGER
// returns: key, status, degree
MATCH (i:Identifier {status: $status})
WITH i, COUNT { (i)<-[:HAS]-() } AS degree
WHERE degree < $degree OR (degree = $degree AND i.key > $key)
RETURN i.key AS key, i.status AS status, degree
ORDER BY degree DESC, key LIMIT $limit
