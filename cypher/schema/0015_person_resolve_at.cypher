// Persons whose pairs wait to be scored; the property is absent on all others.
CREATE INDEX person_resolve_at IF NOT EXISTS FOR (p:Person) ON (p.resolve_at)
