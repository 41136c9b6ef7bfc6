"""How the two servers are reached."""

from __future__ import annotations

from dataclasses import dataclass, field

from vitograph.resolver.erasure import Seal


@dataclass(frozen=True, slots=True)
class Addresses:
    """A Neo4j and a Valkey, wherever they run, and the key of the graph's tombstones, which it does not hold itself."""

    neo4j_uri: str
    neo4j_user: str
    neo4j_password: str = field(repr=False)
    neo4j_database: str
    redis_url: str
    erasure_key: str | None = field(default=None, repr=False)

    @property
    def login(self) -> tuple[str, str, str, str]:
        """Where the Neo4j is and as whom it is entered: address, user, password, database."""
        return self.neo4j_uri, self.neo4j_user, self.neo4j_password, self.neo4j_database

    @property
    def seal(self) -> Seal | None:
        """The key as the graph uses it."""
        return Seal(self.erasure_key.encode()) if self.erasure_key else None

    def as_environment(self) -> dict[str, str]:
        """The variables from which `Settings` of a child process reads the same addresses."""
        key = {"VITO_ERASURE_KEY": self.erasure_key} if self.erasure_key else {}
        return key | {
            "VITO_NEO4J_URI": self.neo4j_uri,
            "VITO_NEO4J_USER": self.neo4j_user,
            "VITO_NEO4J_PASSWORD": self.neo4j_password,
            "VITO_NEO4J_DATABASE": self.neo4j_database,
            "VITO_REDIS_URL": self.redis_url,
        }
