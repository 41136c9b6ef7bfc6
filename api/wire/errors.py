"""Errors as RFC 9457 problems. The one table from type of error to status is here."""

from __future__ import annotations

import http
import logging
from collections.abc import Iterable, Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi import HTTPException as FastApiHTTPException
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from vitograph.api.wire.methods import allowed
from vitograph.resolver import errors
from vitograph.resolver.faults import fault_of

log = logging.getLogger(__name__)

STATUS: Mapping[type[errors.VitoError], int] = {
    errors.InvalidInput: 422,
    errors.UnknownThing: 404,
    errors.Conflict: 409,
    errors.Erased: 410,
    errors.StaleVersion: 412,
    errors.Forbidden: 403,
    errors.Unauthenticated: 401,
    errors.TooBusy: 429,
    errors.Gone: 410,
    errors.DamagedEvidence: 500,
    errors.EvidenceUnavailable: 503,
    errors.IssuerUnavailable: 503,
    errors.SpeechUnavailable: 503,
    errors.SpeechFailed: 422,
    errors.GraphUnavailable: 503,
    errors.HotMemoryUnavailable: 503,
    errors.ImagesUnavailable: 503,
    # No route calls what raises these; should one ever do, it is an answer all the same.
    errors.LaggingSource: 503,
    errors.MailPutOff: 503,
    errors.MailUnavailable: 503,
    errors.NotRewritten: 503,
    errors.ServerFailed: 500,
    errors.SinkFailed: 503,
    errors.UnfitAdapter: 500,
}

WITHOUT_ROW = 500
"""An error that the table forgot is our fault; a test sees to it that none is."""

MEDIA_TYPE = "application/problem+json"


_REFUSALS = (400, 401, 403, 404, 405, 408, 409, 410, 412, 413, 415, 422, 428, 429, 431, 503)
RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": http.HTTPStatus(status).phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for status in _REFUSALS
}
"""How the API description shows what any call may be refused with."""

PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"pointer": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
    },
}


class Problem(FastApiHTTPException):
    """A refusal that only HTTP knows: a missing header, a body too large.

    The framework lets its own kind of exception through where it reads a body, and makes a 400 of any other.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.status = status


def status_of(error: errors.VitoError) -> int:
    """The status of an error: that of the nearest class in the table."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), WITHOUT_ROW)


def problem(error: errors.VitoError) -> dict[str, Any]:
    """The problem document of an error; also what a line of a batch is answered with."""
    document = problem_document(status_of(error), str(error), type(error).__name__)
    if isinstance(error, errors.InvalidInput):
        document["errors"] = _faults(error.faults)
    if isinstance(error, errors.ContradictoryDecision):
        document["path"] = list(error.path)
    if isinstance(error, errors.ContradictoryDecision | errors.AlreadyDecided):
        document["decision"] = error.decision
        document["retract"] = f"/v1/decisions/{error.decision}/retract"
    if isinstance(error, errors.StaleList):
        document["changed"] = list(error.ids)
    return document


def install(app: FastAPI) -> None:
    """Answers every error as a problem; none tells of our insides."""
    app.exception_handler(errors.VitoError)(_vito_error)
    app.exception_handler(Problem)(_refusal)
    app.exception_handler(RequestValidationError)(_invalid)
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(ClientDisconnect)(_gone)
    app.exception_handler(Exception)(_bug)


async def _vito_error(request: Request, error: errors.VitoError) -> Response:
    headers = {}
    if status_of(error) == 503:
        headers["Retry-After"] = "2"
        log.warning("%s: %s", type(error).__name__, error)
    if isinstance(error, errors.TooBusy):
        headers["Retry-After"] = str(error.wait)
    if isinstance(error, errors.Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="vito"'
    document = problem(error)
    return _response(document, headers)


async def _refusal(request: Request, error: Problem) -> Response:
    return _response(problem_document(error.status, error.detail), error.headers or {})


async def _invalid(request: Request, error: RequestValidationError) -> Response:
    found = error.errors()
    if found and found[0]["type"] == "json_invalid":
        return _response(problem_document(400, f"the body is not JSON: {found[0]['ctx']['error']}"), {})
    document = problem_document(422, "the request is not of the form this call takes", "InvalidInput")
    document["errors"] = _faults(fault_of(item, within=1) for item in found)
    return _response(document, {})


async def _http_error(request: Request, error: HTTPException) -> Response:
    headers = dict(error.headers or {})
    if error.status_code == 405:  # the router names those of one route, and several may share a path
        headers["Allow"] = ", ".join(allowed(request.app, request.scope["path"]))
    return _response(problem_document(error.status_code, str(error.detail)), headers)


async def _gone(request: Request, error: ClientDisconnect) -> Response:
    # Nobody hears it. 499 is what proxies log of a caller who hung up before the request was whole.
    return Response(status_code=499)


async def _bug(request: Request, error: Exception) -> Response:
    log.error("unexpected error", exc_info=error)
    return _response(problem_document(500, "this is our fault and was logged"), {})


def _faults(faults: Iterable[errors.Fault]) -> list[dict[str, str]]:
    return [{"pointer": fault.pointer, "detail": fault.detail} for fault in faults]


def problem_document(status: int, detail: str, name: str | None = None) -> dict[str, Any]:
    """A problem (RFC 9457) of a status; `name` is the cause's."""
    return {
        "type": f"urn:vito:problem:{name}" if name else "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }


def _response(document: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    return JSONResponse(document, document["status"], headers=dict(headers), media_type=MEDIA_TYPE)
