"""ViTo: an identity graph on Neo4j that never merges two people by itself."""

from importlib.metadata import version

__version__ = version("vitograph")  # that of pyproject.toml, as it was installed
