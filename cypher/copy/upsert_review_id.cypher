// In the copy every node has an id of its label.
CREATE CONSTRAINT copied_review_id IF NOT EXISTS FOR (n:Review) REQUIRE n.id IS UNIQUE
