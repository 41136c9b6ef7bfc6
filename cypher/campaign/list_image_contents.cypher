// What artifacts that are images say, of all campaigns.
// returns: content, JSON
MATCH (a:Artifact {kind: 'image'})
RETURN a.content AS content
