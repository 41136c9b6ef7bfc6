"""What is set and where it comes from, as `vito config` tells it: by the command itself, and by what it is made of."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vitograph.api.configuration import MASKED, effective, reference, unknown
from vitograph.api.limits import reference as limits_reference
from vitograph.api.settings import BadSettings, Settings, is_secret, variable

ROOT = Path(__file__).parents[3]
SECRETS = [field for field in Settings.model_fields if is_secret(field)]


def vito(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VITO_")} | variables
    command = [sys.executable, "-c", "from vitograph.api.cli import main; main()", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


def test_the_effective_settings_are_told_with_where_they_come_from() -> None:
    done = vito("config", "show", "--json", "--data", "here", VITO_PORT="9000", VITO_ADMIN_KEY="a long secret")
    told = json.loads(done.stdout)
    assert told["VITO_PORT"] == {"value": "9000", "source": "environment"}
    assert told["VITO_DATA"] == {"value": "here", "source": "option"}
    assert told["VITO_HEAP"] == {"value": "1g", "source": "default"}
    assert told["VITO_ADMIN_KEY"] == {"value": MASKED, "source": "environment"}
    assert "a long secret" not in done.stdout + done.stderr
    assert set(told) == {variable(field) for field in Settings.model_fields}
    assert done.returncode == 0


def test_settings_that_cannot_be_are_named_each_and_end_with_status_2() -> None:
    done = vito("config", "show", VITO_PORT="many", VITO_HEAP="lots", VITO_LOG_LEVEL="loud", VITO_AUDIT_HOURS="-1")
    assert done.returncode == 2
    assert done.stdout == ""
    [line] = done.stderr.splitlines()
    for name in ("VITO_PORT", "VITO_HEAP", "VITO_LOG_LEVEL", "VITO_AUDIT_HOURS"):
        assert f"{name}: " in line
    assert "'many'" in line
    assert vito("config", "show", VITO_OIDC_ROLES="{").stderr == "vito: VITO_OIDC_ROLES: it must be JSON\n"


@pytest.mark.parametrize("module", ["serve", "worker"])
def test_a_process_with_settings_that_cannot_be_ends_at_once_with_status_2(module: str) -> None:
    command = [sys.executable, "-m", f"vitograph.api.{module}"]
    done = subprocess.run(command, env=os.environ | {"VITO_PORT": "70000"}, capture_output=True, text=True, timeout=120)
    assert done.returncode == 2
    assert done.stderr.startswith("vito: VITO_PORT: ")


def test_a_variable_that_is_no_setting_is_told_with_what_may_be_meant() -> None:
    done = vito("config", "show", VITO_NEO4J_URL="bolt://there:7687")
    assert done.returncode == 0
    assert done.stderr == "vito: VITO_NEO4J_URL is no setting: do you mean VITO_NEO4J_URI?\n"
    assert unknown(["PATH", "VITO_KEY", "VITO_PORT"]) == []


@given(st.sampled_from(SECRETS), st.text(st.characters(codec="ascii", exclude_characters="*\0"), min_size=4))
def test_no_secret_is_ever_shown(field: str, secret: str) -> None:
    rows = effective(Settings(**{field: secret}))
    assert next(row.value for row in rows if row.variable == variable(field)) == MASKED


@pytest.mark.parametrize(
    ("field", "address"),
    [
        ("redis_url", "redis://name:hunter2@there:6379/0"),
        ("redis_url", "redis://name:p@hunter2@there:6379/0"),
        ("redis_url", "redis://there/0?password=hunter2"),
        ("redis_url", "redis+sentinel://there:26379/svc?db=0&sentinel_password=hunter2&x=1"),
        ("neo4j_uri", "bolt://name:hunter2@there:7687"),
    ],
)
def test_no_login_in_an_address_is_shown(field: str, address: str) -> None:
    rows = {row.variable: row.value for row in effective(Settings(**{field: address}))}
    assert "hunter2" not in (rows[variable(field)] or "")
    assert MASKED in (rows[variable(field)] or "")
    with pytest.raises(BadSettings) as refused:
        Settings(neo4j_uri="http://name:hunter2@there")
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("heap", "big", "VITO_HEAP: it must be a size of memory, as 512m or 1g; it is 'big'"),
        ("neo4j_uri", "there:7687", "VITO_NEO4J_URI: it must begin with bolt:// or neo4j://; it is 'there:7687'"),
        ("port", "x", "VITO_PORT: it must be a whole number; it is 'x'"),
        ("log_level", "loud", "VITO_LOG_LEVEL: it must be 'debug', 'info', 'warning' or 'error'; it is 'loud'"),
    ],
)
def test_a_setting_that_cannot_be_is_told_in_a_sentence(field: str, value: str, said: str) -> None:
    with pytest.raises(BadSettings) as refused:
        Settings(**{field: value})
    assert str(refused.value) == said


def test_every_setting_has_a_meaning() -> None:
    assert [field for field, known in Settings.model_fields.items() if not known.description] == []


def test_the_document_holds_the_tables_that_the_code_makes() -> None:
    """To write them anew: `vito config reference`, `vito config limits`."""
    told = (ROOT / "docs/reference/settings.md").read_text()
    assert reference() in told
    assert limits_reference() in told
