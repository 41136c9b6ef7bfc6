"""What can be set, by environment variables that start with `VITO_`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from vitograph.graph.keys import Role
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
        default=None, description="address of a Valkey or Redis, of its sentinels or cluster; none: an embedded one"
    )
    images_url: str | None = Field(
        default=None, description="s3://bucket/prefix or file:///folder of images; none: a folder in the data folder"
    )
    admin_key: SecretStr | None = Field(
        default=None, description="the first admin key; none: one is made in the data folder"
    )
    sink_key: SecretStr | None = Field(
        default=None, description="what seals the secrets of sinks; none: one is made in the data folder"
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
    evidence_url: str | None = Field(
        default=None, description="s3://bucket/prefix or file:///folder of evidence; none: a folder in the data folder"
    )
    evidence_mib: int = Field(default=256, gt=0, description="largest file of evidence, in MiB")
    evidence_days: int | None = Field(default=None, gt=0, description="days for which evidence is kept; none: for ever")
    speech_model: Path | None = Field(
        default=None, description="folder of a faster-whisper model; none: the one of the extra `voice`"
    )
    speech_language: str = Field(default="en", description="language of calls (ISO 639-1)")
    analytics_neo4j_uri: str | None = Field(
        default=None, description="an empty Neo4j that ViTo keeps the analysts' copy in; none: an embedded one"
    )
    analytics_neo4j_user: str = "neo4j"
    analytics_neo4j_password: SecretStr = SecretStr("neo4j")
    analytics_neo4j_database: str = "neo4j"
    analytics_heap: str = Field(default="384m", description="the Java heap of the analysts' embedded Neo4j")
    analytics_seconds: float = Field(default=5.0, ge=0.5, le=600, description="how long an analyst's query may run")
    analytics_key: SecretStr | None = Field(
        default=None, description="128 hex digits that make pseudonyms; none: made in the data folder"
    )
    spark_master: str = Field(default="local[*]", description="where `vito resolve --engine spark` has its workers")
    key_rate: int = Field(default=20_000, ge=1, description="calls a second of a key that has no rate of its own")
    hsts: int = Field(
        default=0, ge=0, description="seconds for which browsers are told to use HTTPS only (RFC 6797); 0: not told"
    )
    oidc_issuer: str | None = Field(default=None, description="`iss` of the tokens of people; none: no token is taken")
    oidc_audience: str = Field(default="vito", description="`aud` of those tokens")
    oidc_jwks_url: str | None = Field(default=None, description="address of the issuer's JWK set")
    oidc_algorithms: tuple[Literal["RS256", "ES256"], ...] = ("RS256", "ES256")
    oidc_role_claim: str = Field(default="role", description="claim that names the role, or a list that does once")
    oidc_roles: dict[str, Role] = Field(
        default={role.value: role for role in Role if role is not Role.CHANNEL},
        description="role by the value of that claim, as a JSON object",
    )
    oidc_department_claim: str = "department"
    oidc_holder_claim: str = Field(default="email", description="claim that names the human, as `holder` of their keys")
    oidc_client_id: str | None = Field(
        default=None, description="client under which people sign in at the issuer; none: they do not sign in there"
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="its secret; none: a public client, which PKCE alone protects"
    )
    oidc_scope: str = Field(default="openid profile email", description="what the issuer is asked for at a sign-in")
    session_hours: float = Field(default=12.0, gt=0, le=720, description="hours after which people sign in again")
    public_url: str | None = Field(
        default=None, description="how the API is reached from outside; links in mails and telephone signatures need it"
    )
    smtp_url: SecretStr | None = Field(
        default=None, description="smtp:// or smtps:// address that confirmations are sent through; none: no mails"
    )
    mail_from: str | None = Field(default=None, description="sender of those mails")
    twilio_token: SecretStr | None = Field(default=None, description="Twilio's auth token: it signs their webhooks")
    signing_key: SecretStr | None = Field(
        default=None,
        description="what signed links, call tokens and identity secrets are made with; none: one in the data folder",
    )
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
