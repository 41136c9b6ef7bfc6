// Of these pieces of evidence, those that no event refers to any more are gone.
// $ids: LIST<STRING>, SHA-256 in hex
// returns: sha256
UNWIND $ids AS id
MATCH (v:Evidence {sha256: id})
WHERE NOT EXISTS { (v)<-[:EVIDENCED_BY]-() }
DETACH DELETE v
RETURN id AS sha256
