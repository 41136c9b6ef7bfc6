// Which of these hashes nobody posted.
// $hashes: LIST<STRING>
// returns: sha256
UNWIND $hashes AS sha256
WITH sha256 WHERE NOT EXISTS { (:Evidence {sha256: sha256}) }
RETURN sha256
