"""`vito keys`: keys for channels, people and programs."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from pydantic import ValidationError

from vitograph.api.cli.options import DataOption, open_graph_of, settings_of, settings_on, show_rows
from vitograph.api.new_keys import CreatedKey, NewKey, make_key
from vitograph.api.settings import Settings
from vitograph.api.signing.secret import SIGNING, Signing
from vitograph.graph.access import keys
from vitograph.graph.access.keys import Role
from vitograph.graph.driver import Row
from vitograph.resolver.faults import fault_of
from vitograph.resolver.terms import OWN

app = typer.Typer(help="API keys.", no_args_is_help=True)


_TERMS = ("publishable", "campaigns", "channels", "origins")
_MOMENTS = ("expires_at", "rotated_at", "last_used_at", "revoked_at")
_SEVERAL = ("campaigns", "channels", "origins")
_CHANNEL = "Of a channel"
_LOGIN = "How a login is proved to a channel"

Region = Annotated[str | None, typer.Option(metavar="CODE", help="country of phone numbers that name none, e.g. ES")]
Holder = Annotated[str | None, typer.Option(help="the human who holds it, by a name that is theirs alone")]
Days = Annotated[float | None, typer.Option(min=0.001, max=36_500, help="after which it expires; without: never")]
Rate = Annotated[int | None, typer.Option(min=1, help="calls a second; without: VITO_KEY_RATE")]
Pii = Annotated[bool, typer.Option("--pii", help="an analyst's results show personal values")]
Publishable = Annotated[
    bool, typer.Option("--publishable", help="it may stand in a web page", rich_help_panel=_CHANNEL)
]
Campaigns = Annotated[
    list[str] | None,
    typer.Option("--campaign", help="what it may speak of, once for each", rich_help_panel=_CHANNEL),
]
Channels = Annotated[
    list[str] | None, typer.Option("--channel", help="what it may post as, once for each", rich_help_panel=_CHANNEL)
]
Origins = Annotated[
    list[str] | None,
    typer.Option("--origin", help="the only pages that may use it, once for each", rich_help_panel=_CHANNEL),
]
Accounts = Annotated[
    Literal["verified", "asserted"],
    typer.Option(help="how well accounts of Segment's calls are known", rich_help_panel=_CHANNEL),
]
Algorithm = Annotated[
    Literal["HS256", "RS256", "ES256", "EdDSA"] | None,
    typer.Option(
        "--identity",
        help="the tokens' algorithm; HS256: by a secret that is printed, and user hashes too",
        rich_help_panel=_LOGIN,
    ),
]
Issuer = Annotated[str | None, typer.Option(help="`iss` that tokens must have", rich_help_panel=_LOGIN)]
Audience = Annotated[str | None, typer.Option(help="`aud` that tokens must have", rich_help_panel=_LOGIN)]
Jwks = Annotated[
    Path | None,
    typer.Option(help="file of the issuer's JWK set", exists=True, dir_okay=False, rich_help_panel=_LOGIN),
]
JwksUrl = Annotated[
    str | None, typer.Option("--jwks-url", help="where the issuer publishes it", rich_help_panel=_LOGIN)
]


@app.command()
def create(
    name: Annotated[str, typer.Argument(help="whose key it is")],
    role: Annotated[Role, typer.Option()],
    department: Annotated[str | None, typer.Option()] = None,
    region: Region = None,
    holder: Holder = None,
    days: Days = None,
    rate: Rate = None,
    pii: Pii = False,
    publishable: Publishable = False,
    campaign: Campaigns = None,
    channel: Channels = None,
    origin: Origins = None,
    accounts: Accounts = "verified",
    identity: Algorithm = None,
    issuer: Issuer = None,
    audience: Audience = None,
    jwks: Jwks = None,
    jwks_url: JwksUrl = None,
    data: DataOption = None,
) -> None:
    """Makes a key and prints its id and the key, this once; and the secret that proves logins, where there is one."""
    new = _new_key(
        name=name,
        role=role,
        department=department,
        region=region,
        holder=holder,
        pii=pii,
        expires_at=None if days is None else dt.datetime.now(dt.UTC) + dt.timedelta(days=days),
        rate=rate,
        publishable=publishable,
        campaigns=campaign or [],
        channels=channel or [],
        origins=origin or [],
        accounts=accounts,
        identity=_proof(identity, issuer=issuer, audience=audience, jwks=_read(jwks), jwks_url=jwks_url),
    )
    made = asyncio.run(_make(data, new))
    typer.echo(" ".join(part for part in (made.id, made.key, made.identity_secret) if part))


def _proof(algorithm: str | None, **of_login: Any) -> dict[str, Any] | None:
    """How a login is proved, where it is; what else is told of it is nothing without the algorithm."""
    if algorithm is None and any(of_login.values()):
        raise typer.BadParameter("--issuer, --audience, --jwks and --jwks-url are of --identity")
    return None if algorithm is None else {"algorithm": algorithm, **of_login}


def _read(jwks: Path | None) -> Any:
    """The JWK set in a file."""
    try:
        return None if jwks is None else json.loads(jwks.read_bytes())
    except ValueError:
        raise typer.BadParameter(f"{jwks} is no JSON") from None


def _new_key(**fields: Any) -> NewKey:
    try:
        return NewKey(**fields)
    except ValidationError as error:
        faults = [f"{_option(one['loc'])}: {fault_of(one).detail}" for one in error.errors()]
        raise typer.BadParameter("; ".join(faults)) from None


def _option(place: Sequence[int | str]) -> str:
    """What the command calls the field at this place."""
    field = [part for part in place if isinstance(part, str)][-1]
    return "NAME" if field == "name" else "--" + field.removesuffix("s" if field in _SEVERAL else "").replace("_", "-")


async def _make(data: Path | None, new: NewKey) -> CreatedKey:
    signs = new.identity is not None and new.identity.algorithm == OWN
    settings = _signing_settings(data) if signs else Settings()
    async with open_graph_of(data, makes=True) as graph:
        return await make_key(graph, Signing(settings), new)


def _signing_settings(data: Path | None) -> Settings:
    """Those by which the API signs: where its servers are elsewhere, its key must be told."""
    settings = settings_on(data)
    if not settings.neo4j_uri:
        return settings_of(data)
    if settings.signing_key is None and not (settings.data / SIGNING).exists():
        raise typer.BadParameter("set VITO_SIGNING_KEY as the API has it: the secret that proves logins is made of it")
    return settings


@app.command("list")
def list_all(data: DataOption = None) -> None:
    """All keys, without their secrets."""

    async def run() -> list[Row]:
        async with open_graph_of(data) as graph:
            return await keys.list_keys(graph)

    columns = ("id", "name", "role", "department", "region", "holder", *_TERMS, "created_at", *_MOMENTS)
    show_rows([row | {"publishable": row["publishable"] or None} for row in asyncio.run(run())], columns)


@app.command()
def rotate(
    id: Annotated[str, typer.Argument(help="as `vito keys list` shows it")],
    overlap: Annotated[
        float, typer.Option(min=0, max=90 * 24, help="hours for which the secret before stays good")
    ] = 24.0,
    data: DataOption = None,
) -> None:
    """Gives a key another secret and prints it, this once."""

    async def run() -> Row:
        async with open_graph_of(data) as graph:
            return await keys.rotate_key(graph, id, dt.timedelta(hours=overlap))

    made = asyncio.run(run())
    typer.echo(f"{made['id']} {made['key']}")


@app.command()
def revoke(id: Annotated[str, typer.Argument(help="as `vito keys list` shows it")], data: DataOption = None) -> None:
    """Ends a key."""

    async def run(data: Path | None) -> None:
        async with open_graph_of(data) as graph:
            await keys.revoke_key(graph, id)

    asyncio.run(run(data))
    typer.echo(f"{id} is revoked")
