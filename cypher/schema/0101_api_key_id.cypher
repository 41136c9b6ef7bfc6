// A key is found by its id, to be rotated, revoked and noted.
CREATE INDEX api_key_id IF NOT EXISTS FOR (k:ApiKey) ON (k.id)
