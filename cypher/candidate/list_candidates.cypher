// A page of the queue, most valuable first: ids only.
// $status: STRING
// $kind: STRING
// $value: FLOAT, of the last item before
// $id: STRING, of the last item before
// $limit: INTEGER
// returns: id
MATCH (c:Candidate)
USING INDEX c:Candidate(status, kind, value, id)
WHERE c.status = $status AND c.kind = $kind AND c.value <= $value
  // No OR: its parts would be two seeks, whose union loses the order of the index.
  AND c.id IS NOT NULL AND CASE WHEN c.value = $value THEN c.id < $id ELSE true END
// All of the index and all descending, so that a page costs a page whatever the queue's length.
RETURN c.id AS id ORDER BY c.status DESC, c.kind DESC, c.value DESC, c.id DESC LIMIT $limit
