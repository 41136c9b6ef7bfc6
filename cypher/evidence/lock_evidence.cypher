// Locks evidence by its hash, where it is known, before its status is read.
// $sha256: STRING
MATCH (v:Evidence {sha256: $sha256})
SET v.sha256 = v.sha256
