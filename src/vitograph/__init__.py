"""ViTo: an identity graph on Neo4j that never merges two people by itself."""

__version__ = "0.1.0"
