// The fragments of a view.
CREATE INDEX person_view IF NOT EXISTS FOR (p:Person) ON (p.view_id)
