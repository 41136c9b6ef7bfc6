"""Settings, from the environment (`VITO_…`) and the command line."""

from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What a ViTo process must know. Neo4j and Redis are embedded unless their addresses are given."""

    model_config = SettingsConfigDict(env_prefix="VITO_", extra="ignore")

    data: Path = Path(".vito")
    neo4j_uri: str | None = None
    neo4j_user: str = "neo4j"
    neo4j_password: SecretStr = SecretStr("")
    neo4j_database: str = "neo4j"
    redis_url: str | None = None
    admin_key: SecretStr | None = None
    default_region: str | None = None
    heap: str = "1g"
    page_cache: str = "512m"
    log_level: str = "INFO"
