// What is suspected, shared or blocked is listed for specialists.
CREATE INDEX identifier_status IF NOT EXISTS FOR (i:Identifier) ON (i.status)
