// In the copy every node has an id of its label.
CREATE CONSTRAINT copied_artifact_id IF NOT EXISTS FOR (n:Artifact) REQUIRE n.id IS UNIQUE
