"""Log lines as JSON, one object a line on stderr: when, how grave, who says it, what, and for which request.

What is logged are names and numbers of ours, never what somebody posted. The text of an error may hold that (a
constraint names the value that breaks it), so of an error only its type is told, and where it was raised.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import sys
import traceback
from contextvars import ContextVar
from types import TracebackType

import orjson

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
"""Of the request that is being answered, for whoever logs meanwhile."""

# Libraries that tell at `info` or `debug` what they send: statements with parameters, addresses with queries.
TALKATIVE = ("neo4j", "redis", "httpx", "httpcore", "asyncio", "opentelemetry", "urllib3", "hpack", "faster_whisper")
DEEPEST = 20

TRACE = "Traceback (most recent call last):"
_PLACE = re.compile(r'  File "([^"]+)", line (\d+), in (\S+)')
_TYPE = re.compile(r"(?:\w+\.)*(\w+)(?::|$)")


class JsonLines(logging.Formatter):
    """Writes records of one process, which its name tells."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def format(self, record: logging.LogRecord) -> str:
        text = record.getMessage()
        message = text.partition("\n")[0]
        if record.name == "asyncio":  # it goes on with what the task or the callback holds
            message = message.partition("(")[0]
        line: dict[str, object] = {
            "at": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "process": self._process,
            "logger": record.name,
            "message": message,
        }
        if (id := REQUEST_ID.get()) is not None:
            line["request_id"] = id
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = _causes(record.exc_info[1])
        elif message == TRACE:  # as the framework tells of an app that does not start
            line |= {"message": "it failed", "error": _causes_in(text)}
        return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure_logs(process: str, level: str) -> None:
    """All that is logged from now on is a JSON line on stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(process))
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))
    logging.captureWarnings(True)
    sys.excepthook = _log_end


def _log_end(kind: type[BaseException], error: BaseException, places: TracebackType | None) -> None:
    """An error that ends the process is a line like the others."""
    logging.getLogger(__name__).critical("the process ends", exc_info=(kind, error, places))


def _causes(error: BaseException) -> list[dict[str, object]]:
    """An error and what caused it, each by its type, Neo4j's code, and where it came from, the innermost place last.

    Of several that came together, each is a cause.
    """
    told: list[dict[str, object]] = []
    waiting = [error]
    while waiting and len(told) < DEEPEST:
        cause = waiting.pop(0)
        places = traceback.extract_tb(cause.__traceback__)[-DEEPEST:]
        at = [_place(place.filename, place.lineno, place.name) for place in places]
        code = getattr(cause, "code", None)
        of_neo4j = {"code": code} if isinstance(code, str) and code.startswith("Neo.") else {}
        told.append({"type": type(cause).__qualname__, **of_neo4j, "at": at})
        before = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
        waiting += cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()
        waiting += () if before is None else (before,)
    return told


def _causes_in(text: str) -> list[dict[str, object]]:
    """`_causes` of what Python printed of an error: the causes come first there, each ending with its type."""
    told: list[dict[str, object]] = []
    for part in text.split(f"{TRACE}\n")[1:]:
        at: list[str] = []
        for line in part.splitlines():
            if place := _PLACE.match(line):
                at.append(_place(*place.groups()))
            elif at and (kind := _TYPE.match(line)):
                told.append({"type": kind[1], "at": at[-DEEPEST:]})
                break
    return told[::-1][:DEEPEST]


def _place(file: str, line: object, name: str) -> str:
    return f"{file.rpartition('site-packages/')[2]}:{line} {name}"
