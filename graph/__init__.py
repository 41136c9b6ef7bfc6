"""The Neo4j side: the only package that speaks Bolt."""
