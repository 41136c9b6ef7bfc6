// Identifiers that are not one person's.
CREATE INDEX identifier_status IF NOT EXISTS FOR (i:Identifier) ON (i.status)
