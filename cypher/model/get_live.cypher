// The name of the model that is live; no row where nobody has touched the models yet: the packaged one is.
// returns: name
MATCH (m:Model {status: 'live'})
RETURN m.name AS name
