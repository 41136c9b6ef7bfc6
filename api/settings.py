"""What can be set, by environment variables that start with `VITO_`."""

from __future__ import annotations

from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from vitograph.resolver.erasure import Seal


class Settings(BaseSettings):
    """Read from the environment once, where a command or a child process starts."""

    model_config = SettingsConfigDict(env_prefix="VITO_", extra="ignore", env_ignore_empty=True)

    data: Path = Field(default=Path(".vito"), description="folder of the embedded servers' data, keys and logs")
    neo4j_uri: str | None = Field(default=None, description="Bolt address of a Neo4j that runs; none: an embedded one")
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr = SecretStr("neo4j")
    neo4j_database: str = "neo4j"
    redis_url: str | None = Field(
        default=None, description="redis://… or unix://… of a Valkey or Redis; none: an embedded one"
    )
    admin_key: SecretStr | None = Field(
        default=None, description="the first admin key; none: one is made in the data folder"
    )
    erasure_key: SecretStr | None = Field(
        default=None, description="the key of the tombstones of the erased; none: one is made in the data folder"
    )
    cache: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("vitograph")), description="folder of Neo4j's jars"
    )
    maven_url: str | None = Field(default=None, description="base address of a Maven repository; none: Maven Central")
    default_region: str | None = Field(default=None, description="ISO 3166 code for phone numbers without a country")
    heap: str = Field(default="1g", description="the embedded Neo4j's Java heap")
    page_cache: str = Field(default="512m", description="the embedded Neo4j's page cache, outside the heap")
    spark_master: str = Field(default="local[*]", description="where `vito resolve --engine spark` has its workers")
    log_level: str = "info"
    host: str = "127.0.0.1"
    port: int = 8700
    listen_fd: int | None = Field(
        default=None, description="an open listening socket that the API inherits; set by `vito up`"
    )

    @property
    def seal(self) -> Seal | None:
        """The erasure key as the graph uses it, where one is set."""
        return None if self.erasure_key is None else Seal(self.erasure_key.get_secret_value().encode())
