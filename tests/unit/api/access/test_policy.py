"""The policy file is valid, says one thing of a call, and nothing is permitted that it does not name."""

from __future__ import annotations

import re
from importlib import resources

import cedarpy
import pytest
from fastapi import FastAPI

from vitograph.api.access.policy import ANYONE, load_policy, read_policy
from vitograph.api.guard import Allowed, check_guarded
from vitograph.graph import queries
from vitograph.graph.access.keys import Caller, Role
from vitograph.graph.reach import EVERYTHING, NOTHING, Reach
from vitograph.resolver.errors import Forbidden, ServerFailed

FOLDER = resources.files("vitograph.api") / "access"
POLICIES = (FOLDER / "policies.cedar").read_text()
SCHEMA = (FOLDER / "schema.cedarschema").read_text()

TINY_SCHEMA = """
entity Role; entity Caller in [Role] = { department?: String }; entity Api;
action read appliesTo { principal: [Caller], resource: [Api] };
"""
PERMIT = 'permit (principal in Role::"sales", action in [Action::"read"], resource);'


def caller(role: Role, department: str | None = None) -> Caller:
    return Caller("k-1", "one", role, department)


def test_the_policies_are_what_their_schema_says() -> None:
    found = cedarpy.validate_policies(POLICIES, SCHEMA)
    assert found, found.errors


def test_every_policy_has_a_name_of_its_own() -> None:
    names = re.findall(r'@id\("([^"]+)"\)', POLICIES)
    assert len(names) == len(set(names)) == POLICIES.count("permit (")


def test_every_call_of_the_schema_is_somebodys() -> None:
    declared = {
        name.strip()
        for names in re.findall(r"^action ([^;]+?)\s+appliesTo", SCHEMA, re.M | re.S)
        for name in names.split(",")
    }
    assert declared == load_policy().operations


def extents(role: Role) -> set[str]:
    """What any call of this role may read."""
    return {grant.extent for (_, who, _), grant in load_policy().grants.items() if who == role}


def test_what_a_role_reads_of_persons_is_never_more_than_this() -> None:
    assert extents(Role.CHANNEL) == extents(Role.ANALYST) == {""}
    assert extents(Role.MARKETING) == {"", "own campaigns"}
    assert extents(Role.SALES) == {"", "events negotiation.*"}


def test_what_a_call_reads_is_the_callers_own() -> None:
    policy = load_policy()
    north = caller(Role.MARKETING, "north")
    assert policy.grant("get_person", north).reach(north) == Reach(department="north")
    sales = caller(Role.SALES)
    assert policy.grant("get_person", sales).reach(sales) == Reach(family="negotiation.")
    ana = caller(Role.SPECIALIST)
    assert policy.grant("get_person", ana).reach(ana) == EVERYTHING
    assert policy.grant("list_decisions", ana).reach(ana) == NOTHING


def test_marketing_of_no_department_reads_and_writes_nothing() -> None:
    own = {"get_session", "end_session"}
    for operation in load_policy().operations - own:
        if not load_policy().is_public(operation):
            with pytest.raises(Forbidden):
                load_policy().grant(operation, caller(Role.MARKETING))


def test_an_unknown_call_is_nobodys() -> None:
    for role in Role:
        with pytest.raises(Forbidden):
            load_policy().grant("surprise", caller(role, "north"))
    assert not load_policy().is_public("surprise")


@pytest.mark.parametrize(
    ("policies", "sentence"),
    [
        ('permit (principal in Role::"sales", action in [Action::"reed"], resource);', "not valid"),
        ("permit (principal, action, resource);", "names no call"),
        (PERMIT.replace(";", " when { principal.wealth > 3 };"), "not valid"),
        (f'@reach("everything") {PERMIT} @reach("own campaigns") {PERMIT}', "several reaches"),
        (f'@reach("the moon") {PERMIT}', "unknown"),
        (f'@reach("events *") {PERMIT}', "unknown"),
        ("permit (", "not valid"),
    ],
)  # fmt: skip
def test_a_policy_that_is_wrong_stops_the_start(policies: str, sentence: str) -> None:
    with pytest.raises(ServerFailed, match=sentence):
        read_policy(policies, TINY_SCHEMA)


def test_a_prohibition_wins_over_a_permission() -> None:
    forbid = 'forbid (principal, action == Action::"read", resource) when { !(principal has department) };'
    policy = read_policy(f"{PERMIT} {forbid}", TINY_SCHEMA)
    assert set(policy.grants) == {("read", "sales", True)}


def test_a_route_that_nobody_guards_stops_the_start() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/v1/persons", operation_id="find_persons")
    async def find() -> None: ...

    with pytest.raises(ServerFailed, match="not guarded"):
        check_guarded(app)


def test_a_route_that_the_policies_do_not_know_stops_the_start() -> None:
    app = FastAPI(openapi_url=None)

    @app.get("/v1/surprise", operation_id="surprise")
    async def surprise(caller: Allowed) -> None: ...

    with pytest.raises(ServerFailed, match="no call 'surprise'"):
        check_guarded(app)


def test_a_policy_of_a_route_that_is_not_there_stops_the_start() -> None:
    with pytest.raises(ServerFailed, match="not there"):
        check_guarded(FastAPI(openapi_url=None))


def test_nobody_is_anyone_but_who_has_no_key() -> None:
    assert ANYONE not in set(Role)


PREDICATE = re.compile(
    r"(\w+)\.type STARTS WITH \$reach\.family\s+"
    r"OR EXISTS \{\s+\(:Department \{id: \$reach\.department\}\)-\[:OWNS\]->\(own:Campaign \{id: \1\.target_id\}\)\s+"
    r"WHERE coalesce\(own\.created_at <= \1\.received_at, true\)\s+\}"
)


@pytest.mark.parametrize("name", [name for name in queries.names() if "$reach." in queries.load(name).text])
def test_every_statement_with_a_reach_asks_the_same(name: str) -> None:
    """One meaning of reach, wherever it is asked; and it is asked of events."""
    body = queries.load(name).text
    assert PREDICATE.search(body), name
    rest = PREDICATE.sub("", body).replace("$reach.everything", "")
    assert "$reach." not in rest
