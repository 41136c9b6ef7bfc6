"""What `vito keys` says of options that cannot be; nothing is made of them."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from vitograph.api.cli import app

CREATE = ("create", "x", "--role", "channel")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((*CREATE, "--rate", "2000000"), "--rate: it must be less than or equal to 1000000"),
        ((*CREATE, "--campaign", ""), "--campaign: it must have at least 1 character"),
        ((*CREATE, "--origin", "ftp://x"), "--origin: an origin is https://shop.example, without a path"),
        ((*CREATE, "--identity", "RS256"), "--identity: HS256 takes no keys, each other algorithm takes either"),
        ((*CREATE, "--identity", "RS256", "--jwks-url", "ftp://x"), "--jwks-url: it must match ^https?://"),
        (("create", "", "--role", "channel"), "NAME: it must have at least 1 character"),
        ((*CREATE, "--days", "1e10"), "--days"),
        ((*CREATE, "--days", "5000000"), "--days"),
        (("rotate", "x", "--overlap", "1e12"), "--overlap"),
    ],
)
def test_an_option_that_cannot_be_is_told_by_its_name(arguments: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, ["keys", *arguments], terminal_width=200)
    assert done.exit_code == 2, done.output
    told = " ".join(done.output.replace("│", "").split())
    assert said in told
    assert "should" not in told or said in ("--days", "--overlap")
