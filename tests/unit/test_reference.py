"""The pages that are written from the code say all of it."""

from __future__ import annotations

import typer

from docs.generators import commands, contracts, http
from vitograph.api.access.policy import load_policy
from vitograph.api.app import create_app
from vitograph.api.cli import app
from vitograph.api.settings import Settings
from vitograph.projections.cms.sink import CmsSink


def test_every_call_and_body_is_told() -> None:
    page, document = http.write(), create_app(Settings()).openapi()
    for path, item in document["paths"].items():
        for method, call in item.items():
            assert f"### `{method.upper()} {path}`\n" in page
            assert f"Operation `{call['operationId']}`, for " in page
    assert all(f"### {name}\n" in page for name in document["components"]["schemas"])


def test_who_may_call_is_what_the_policies_say() -> None:
    page = http.write()
    assert "Operation `health`, for everybody." in page
    assert "Operation `list_leads`, for marketing (own campaigns), sales (events negotiation.*)." in page
    assert load_policy().roles("erase_person") == ["admin"]
    assert "Operation `erase_person`, for admin" in page


def test_every_command_is_told() -> None:
    page = commands.write()

    def tell(command: object, name: str) -> None:
        assert f"## `{name}`\n" in page
        for word, inner in getattr(command, "commands", {}).items():
            tell(inner, f"{name} {word}")

    for word, inner in typer.main.get_command(app).commands.items():  # type: ignore[attr-defined]
        tell(inner, f"vito {word}")


def test_every_method_of_an_adapter_is_told() -> None:
    page = contracts.write()
    for name in CmsSink.__abstractmethods__ - {"__init__"}:
        assert f"async def {name}(self" in page
    assert "'" not in "".join(line for line in page.splitlines() if line.startswith("def "))
