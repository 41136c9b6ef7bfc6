// A key that was given another secret is found by the one before it, while that is good.
CREATE INDEX api_key_old_hash IF NOT EXISTS FOR (k:ApiKey) ON (k.old_hash)
