// Takes an artifact away from a locked campaign.
// $id: STRING
// $key: STRING
MATCH (:Campaign {id: $id})-[:OFFERS]->(a:Artifact {key: $key})
DETACH DELETE a
