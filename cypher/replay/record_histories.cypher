// Writes how identifiers came to stand as they do.
// $rows: LIST<MAP {key, status, history: MAP}>
UNWIND $rows AS row
MATCH (i:Identifier {key: row.key, status: row.status})
SET i += row.history
