// Has identifiers stand as they were recorded, whatever their use says by now, with how they came to.
// $rows: LIST<MAP {key, status, history: MAP}>
UNWIND $rows AS row
MATCH (i:Identifier {key: row.key})
SET i.status = row.status, i += row.history
