// In the copy every node has an id of its label.
CREATE CONSTRAINT copied_model_id IF NOT EXISTS FOR (n:Model) REQUIRE n.id IS UNIQUE
