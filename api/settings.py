"""What can be set, by environment variables that start with `VITO_`."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from vitograph.graph.access.keys import Role
from vitograph.resolver.erasure import Seal
from vitograph.resolver.errors import ServerFailed
from vitograph.resolver.faults import fault_of

PREFIX = "VITO_"
MASKED = "***"
Loop = Literal["resolver", "projector", "deliverer", "calls", "housekeeping"]


def _written(pattern: str, reason: str) -> AfterValidator:
    """Takes texts that match as a whole."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text) is None:
            raise ValueError(reason)
        return text

    return AfterValidator(check)


Size = Annotated[str, _written(r"\d+(\.\d+)?[kKmMgGtT]?", "it must be a size of memory, as 512m or 1g")]
BoltAddress = Annotated[str, _written(r"(bolt|neo4j)(\+s|\+ssc)?://.+", "it must begin with bolt:// or neo4j://")]


class BadSettings(ServerFailed):
    """Settings that cannot be: a sentence for each, by the name of its variable. A secret's value is in none."""


class Settings(BaseSettings):
    """Read from the environment once, where a command or a child process starts. Raises BadSettings."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    data: Path = Field(default=Path(".vito"), description="folder of the embedded servers' data, keys and logs")
    neo4j_uri: BoltAddress | None = Field(
        default=None,
        description="Bolt address of a Neo4j that runs, `bolt://…` or `neo4j://…`; none: an embedded one",
    )
    neo4j_user: str = Field(default="neo4j", description="for that Neo4j")
    neo4j_password: SecretStr = Field(default=SecretStr("neo4j"), description="for that Neo4j")
    neo4j_database: str = Field(default="neo4j", description="for that Neo4j")
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
    heap: Size = Field(default="1g", description="the embedded Neo4j's Java heap")
    page_cache: Size = Field(default="512m", description="the embedded Neo4j's page cache, outside the heap")
    evidence_url: str | None = Field(
        default=None, description="s3://bucket/prefix or file:///folder of evidence; none: a folder in the data folder"
    )
    evidence_mib: int = Field(default=256, gt=0, description="largest file of evidence, in MiB")
    evidence_days: int | None = Field(default=None, gt=0, description="days for which evidence is kept; none: for ever")
    speech_model: Path | None = Field(
        default=None, description="folder of a faster-whisper model; none: the one of the extra `voice`"
    )
    speech_language: str = Field(default="en", description="language of calls (ISO 639-1)")
    analytics_neo4j_uri: BoltAddress | None = Field(
        default=None,
        description="an empty Neo4j that ViTo keeps the analysts' copy in; none: an embedded one",
    )
    analytics_neo4j_user: str = Field(default="neo4j", description="for that Neo4j")
    analytics_neo4j_password: SecretStr = Field(default=SecretStr("neo4j"), description="for that Neo4j")
    analytics_neo4j_database: str = Field(default="neo4j", description="for that Neo4j")
    analytics_heap: Size = Field(default="384m", description="the Java heap of the analysts' embedded Neo4j")
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
    oidc_algorithms: tuple[Literal["RS256", "ES256"], ...] = Field(
        default=("RS256", "ES256"), description="signatures of tokens that are taken at all, as a JSON list"
    )
    oidc_role_claim: str = Field(default="role", description="claim that names the role, or a list that does once")
    oidc_roles: dict[str, Role] = Field(
        default={role.value: role for role in Role if role is not Role.CHANNEL},
        description="role by the value of that claim, as a JSON object",
    )
    oidc_department_claim: str = Field(default="department", description="claim that names the department")
    oidc_holder_claim: str = Field(default="email", description="claim that names the human, as `holder` of their keys")
    oidc_client_id: str | None = Field(
        default=None, description="client under which people sign in at the issuer; none: they do not sign in there"
    )
    oidc_client_secret: SecretStr | None = Field(
        default=None, description="its secret; none: a public client, which PKCE alone protects"
    )
    oidc_scope: str = Field(default="openid profile email", description="what the issuer is asked for at a sign-in")
    session_hours: float = Field(default=12.0, gt=0, le=720, description="hours after which people sign in again")
    session_idle_minutes: float = Field(
        default=60.0, gt=0, le=43_200, description="minutes without a call after which they do so too"
    )
    public_url: str | None = Field(
        default=None, description="how the API is reached from outside; links in mails and telephone signatures need it"
    )
    smtp_url: SecretStr | None = Field(
        default=None, description="smtp:// or smtps:// address that confirmations are sent through; none: no mails"
    )
    mail_from: str | None = Field(default=None, description="sender of those mails")
    twilio_token: SecretStr | None = Field(default=None, description="Twilio's auth token: it signs their webhooks")
    twilio_signed_streams: bool = Field(
        default=False, description="whether streams of calls must bear Twilio's signature, beside their token"
    )
    signing_key: SecretStr | None = Field(
        default=None,
        description="what signed links, call tokens and identity secrets are made with; none: one in the data folder",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info",
        description="of API and worker; `debug` tells of every request",
    )
    host: str = Field(default="127.0.0.1", description="where the API listens")
    port: int = Field(default=8700, ge=0, le=65535, description="port 0 lets the system choose")
    worker_port: int | None = Field(
        default=None, ge=0, le=65535, description="where a worker answers `/healthz` and `/metrics`; none: nowhere"
    )
    loops: tuple[Loop, ...] = Field(
        default=("resolver", "projector", "deliverer", "calls", "housekeeping"),
        description="what a worker does, as a JSON list; several workers may do the same",
    )
    drain_seconds: int = Field(
        default=10, gt=0, le=600, description="how long open requests may take to finish once the API is to end"
    )
    audit_hours: float = Field(
        default=24.0, ge=0, description="hours between two audits that the worker does for `/metrics`; 0: none"
    )
    listen_fd: int | None = Field(
        default=None, description="an open listening socket that the API inherits; set by `vito up`"
    )

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            sentences = [
                _sentence(str(fault["loc"][0]), fault_of(fault).detail, fault["input"]) for fault in error.errors()
            ]
            raise BadSettings("; ".join(dict.fromkeys(sentences))) from None
        except SettingsError as error:
            named = re.search(r'field "(\w+)"', str(error))
            raise BadSettings(_sentence(named[1] if named else "?", "it must be JSON", None)) from None

    @property
    def login(self) -> tuple[str, str, str, str]:
        """Where Neo4j runs (on this machine, where nothing is said), user, password and database."""
        uri = self.neo4j_uri or "bolt://127.0.0.1:7687"
        return uri, self.neo4j_user, self.neo4j_password.get_secret_value(), self.neo4j_database

    @property
    def seal(self) -> Seal | None:
        """The erasure key as the graph uses it, where one is set."""
        return None if self.erasure_key is None else Seal(self.erasure_key.get_secret_value().encode())


def read_settings() -> Settings:
    """The settings of this process; it ends with status 2 and a sentence when they cannot be."""
    try:
        return Settings()
    except BadSettings as error:
        print(f"vito: {error}", file=sys.stderr)
        raise SystemExit(2) from None


def variable(field: str) -> str:
    """The environment variable of a field."""
    return PREFIX + field.upper()


def is_secret(field: str) -> bool:
    """Whether nobody may be shown its value."""
    return "SecretStr" in str(Settings.model_fields[field].annotation)


def without_login(text: str) -> str:
    """A text in whose addresses no name and no password stands, wherever they are written."""
    text = re.sub(r"//[^/\s]*@", f"//{MASKED}@", text)
    return re.sub(r"(?i)([?&][^=&\s]*password=)[^&\s]*", rf"\1{MASKED}", text)


def _sentence(field: str, reason: str, value: object) -> str:
    is_shown = value is not None and field in Settings.model_fields and not is_secret(field)
    shown = f"; it is {without_login(repr(value))}" if is_shown else ""
    return f"{variable(field)}: {reason}{shown}"
