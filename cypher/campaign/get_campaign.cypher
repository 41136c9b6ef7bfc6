// A campaign and what it offers.
// $id: STRING
// returns: id, name, status, department, starts_at, ends_at, closing, version,
//          artifacts: LIST<MAP {key, kind, content, version}> by key
MATCH (c:Campaign {id: $id})
RETURN c.id AS id, c.name AS name, c.status AS status, c.department AS department, c.starts_at AS starts_at,
       c.ends_at AS ends_at, c.closing AS closing, c.version AS version,
       COLLECT {
         MATCH (c)-[:OFFERS]->(a:Artifact)
         RETURN {key: a.key, kind: a.kind, content: a.content, version: a.version} ORDER BY a.key
       } AS artifacts
