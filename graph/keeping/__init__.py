"""The whole graph: audited, hashed, read as its logs and written from them, kept in backups."""
