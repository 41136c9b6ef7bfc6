// Locks evidence by its hashes, where it is known, before its status is read, and who refers to it.
// $hashes: LIST<STRING> sorted
UNWIND $hashes AS sha256
MATCH (v:Evidence {sha256: sha256})
SET v.sha256 = v.sha256
