// In the copy every node has an id of its label.
CREATE CONSTRAINT copied_identifier_id IF NOT EXISTS FOR (n:Identifier) REQUIRE n.id IS UNIQUE
