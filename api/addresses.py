"""How the two servers are reached."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Addresses:
    """A Neo4j and a Valkey, wherever they run."""

    neo4j_uri: str
    neo4j_user: str
    neo4j_password: str = field(repr=False)
    neo4j_database: str
    redis_url: str

    def as_environment(self) -> dict[str, str]:
        """The variables from which `Settings` of a child process reads the same addresses."""
        return {
            "VITO_NEO4J_URI": self.neo4j_uri,
            "VITO_NEO4J_USER": self.neo4j_user,
            "VITO_NEO4J_PASSWORD": self.neo4j_password,
            "VITO_NEO4J_DATABASE": self.neo4j_database,
            "VITO_REDIS_URL": self.redis_url,
        }
