// I13: erasures that something still waits for since long: the projections, or the disk.
// $before: ZONED DATETIME
// $limit: INTEGER
// returns: id
MATCH (x:Erasure)
WHERE x.at < $before AND (x.status <> 'done' OR x.compacted IS NULL)
RETURN x.id AS id
ORDER BY id LIMIT $limit
