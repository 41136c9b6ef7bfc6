"""What is told of the work, without servers: lines of logs, ids of requests, and traces that are off."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import traceback
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message, Receive, Scope, Send

from vitograph.api.telemetry.logs import JsonLines
from vitograph.api.telemetry.requests import RequestFigures
from vitograph.api.telemetry.watching import Watched
from vitograph.graph import tracing as graph_tracing
from vitograph.graph.driver import Graph
from vitograph.projections.hot import tracing as hot_tracing
from vitograph.projections.hot.memory import HotMemory
from vitograph.resolver.errors import GraphUnavailable

WITHOUT_SDK = """
import sys
sys.modules["opentelemetry.sdk.trace"] = None  # as without the extra
from vitograph.api.{module} import main
main()
"""


def line_of(message: str, error: BaseException | None = None, name: str = "vitograph.x") -> dict[str, object]:
    information = None if error is None else (type(error), error, error.__traceback__)
    record = logging.LogRecord(name, logging.ERROR, "x.py", 1, message, (), information)
    text = JsonLines("api").format(record)
    assert "\n" not in text
    found: dict[str, object] = json.loads(text)
    return found


@given(st.text(min_size=12))
def test_the_text_of_an_error_is_never_told(value: str) -> None:
    value = f"canary-{value}"
    try:
        try:
            raise KeyError(value)
        except KeyError as cause:
            raise ValueError(f"refused: {value}") from cause
    except ValueError as error:
        line = line_of("it goes on", error)
    assert "canary-" not in json.dumps(line)
    assert [told["type"] for told in line["error"]] == ["ValueError", "KeyError"]  # type: ignore[attr-defined]


async def test_what_ends_a_group_of_tasks_is_told_by_what_it_was() -> None:
    """As where the port of a worker is taken: a group alone would say nothing."""

    async def fails() -> None:
        raise OSError("canary") from KeyError("canary")

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
    except ExceptionGroup as error:
        line = line_of("the process ends", error)
    assert [told["type"] for told in line["error"]] == ["ExceptionGroup", "OSError", "KeyError"]  # type: ignore[attr-defined]
    assert "canary" not in json.dumps(line)


def test_an_error_that_comes_as_text_is_told_as_one_that_comes_as_itself() -> None:
    """So the framework tells of an app that does not start; what the errors say stays untold."""
    try:
        try:
            raise KeyError("canary-1")
        except KeyError as cause:
            raise GraphUnavailable("canary-2\nValueError: canary-3") from cause
    except GraphUnavailable as error:
        itself = line_of("it failed", error)
        text = line_of(traceback.format_exc())
    assert text["message"] == "it failed"
    assert text["error"] == itself["error"]
    assert "canary" not in json.dumps(text)


def test_a_line_is_one_line_and_what_a_task_held_is_not_told() -> None:
    assert line_of("first\nsecond")["message"] == "first"
    told = line_of("Exception in callback Maria.call('maria@example.com')", name="asyncio")
    assert told["message"] == "Exception in callback Maria.call"
    assert line_of("Task exception was never retrieved\nfuture: <Task maria>", name="asyncio")["message"] == (
        "Task exception was never retrieved"
    )


async def answered(headers: list[tuple[bytes, bytes]]) -> str:
    """The id that a request with these headers is answered with."""
    started: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        started.append(message)

    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers}
    await Watched(app, RequestFigures())(scope, receive, send)
    return dict(started[0]["headers"])[b"x-request-id"].decode()  # type: ignore[no-any-return]


@pytest.mark.parametrize("said", [b"maria@example.com", b"34600123456", b"", b"maria-lopez", b"\xff" * 36, b"0" * 31])
async def test_an_id_that_may_be_somebody_is_not_taken_over(said: bytes) -> None:
    assert uuid.UUID(await answered([(b"x-request-id", said)])).bytes != said


async def test_a_uuid_of_the_caller_is_taken_over() -> None:
    own = str(uuid.uuid4())
    assert await answered([(b"x-request-id", own.encode())]) == own


def test_without_a_tracer_nothing_is_wrapped() -> None:
    graph, hot = Graph(None), HotMemory(None)  # type: ignore[arg-type]
    assert graph_tracing.traced(graph, None) is graph
    assert hot_tracing.traced(hot, None) is hot


@pytest.mark.parametrize(
    ("modules", "needless"),
    [
        ("vitograph.api.serve", ()),
        ("vitograph.api.worker", ("fastapi",)),
        ("vitograph.api.cli.up", ("fastapi", "starlette", "vitograph.api.cli.voice")),
        ("vitograph.api.cli.audit", ("fastapi", "vitograph.api.cli.up", "vitograph.graph.deciding.decisions")),
    ],
)
def test_what_nobody_asked_for_is_not_even_imported(modules: str, needless: tuple[str, ...]) -> None:
    """The SDK without an endpoint; what Neo4j's driver would take arguments of; the framework where nothing serves."""
    needless = ("opentelemetry.sdk.trace", "pandas", "pyarrow", *needless)
    asked = f"import sys, {modules}; print([name for name in {needless} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, timeout=120).stdout == "[]\n"


@pytest.mark.parametrize("module", ["serve", "worker"])
def test_an_endpoint_without_the_extra_is_told_in_a_sentence(module: str) -> None:
    environment = os.environ | {
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9",
        "VITO_NEO4J_URI": "bolt://127.0.0.1:9",
    }
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_SDK.format(module=module)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert done.stderr == "vito: traces need the extra `otel`: pip install 'vitograph[otel]'\n"
